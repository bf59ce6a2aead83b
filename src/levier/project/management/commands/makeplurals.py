from django.core.management.base import BaseCommand

from levier.project.plurals import write_catalogue


class Command(BaseCommand):
    help = "Refait le catalogue des pluriels français après un changement de texte."

    def handle(self, *args: object, **options: object) -> None:
        write_catalogue()
