"""Whether the collected static files are those of the code."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def sources() -> str:
    """A digest of every static file there is to collect: name, size and time of change."""
    found = sorted(
        (path, storage.size(path), storage.get_modified_time(path).isoformat())
        for finder in get_finders()
        for path, storage in finder.list([])
    )
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def are_fresh() -> bool:
    """Whether the last collection was made from the same files."""
    return _mark().exists() and _mark().read_text() == sources()


def collect() -> None:
    """Collect, compress and name them after their content."""
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    _mark().write_text(sources())


def _mark() -> Path:
    return Path(settings.STATIC_ROOT) / ".sources"
