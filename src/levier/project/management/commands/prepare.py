from django.core.management import call_command
from django.core.management.base import BaseCommand

from levier.project import static_files


class Command(BaseCommand):
    help = "Met la base à jour et rassemble les fichiers statiques s’ils ont changé."

    def handle(self, *args: object, **options: object) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write("levier : la base est à jour.")
        if not static_files.are_fresh():
            static_files.collect()
            self.stdout.write("levier : les fichiers statiques sont rassemblés.")
