from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from levier.project import static_files

ATTEMPTS = 5  # each waits for the pool's timeout


class Command(BaseCommand):
    help = "Met la base à jour et rassemble les fichiers statiques s’ils ont changé."

    def handle(self, *args: object, **options: object) -> None:
        self._wait_for_database()
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write("levier : la base est à jour.")
        if not static_files.are_fresh():
            static_files.collect()
            self.stdout.write("levier : les fichiers statiques sont rassemblés.")

    def _wait_for_database(self) -> None:
        """A database started at the same time (containers) is given some time to answer."""
        for left in reversed(range(ATTEMPTS)):
            try:
                connection.ensure_connection()
            except OperationalError:
                if not left:
                    raise
                self.stdout.write("levier : la base ne répond pas encore…")
            else:
                return
