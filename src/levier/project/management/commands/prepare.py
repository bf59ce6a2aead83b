"""`levier prepare`: what `levier up` does before it serves."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Met la base à jour et rassemble les fichiers statiques s’ils ont changé."

    def handle(self, *args: object, **options: object) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write("levier : la base est à jour.")
        mark = Path(settings.STATIC_ROOT) / ".sources"
        sources = static_sources()
        if not mark.exists() or mark.read_text() != sources:
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            mark.write_text(sources)
            self.stdout.write("levier : les fichiers statiques sont rassemblés.")


def static_sources() -> str:
    """A digest of every static file there is to collect: name, size and time of change."""
    found = sorted(
        (path, storage.size(path), storage.get_modified_time(path).isoformat())
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    return hashlib.sha256(json.dumps([settings.STATIC_ROOT.name, found]).encode()).hexdigest()
