from django.core.management.base import BaseCommand

from levier.foundation.people.tasks.index_people import index_everyone
from levier.gathering.signing.queries.marks import SIGNATURE_MARKS


class Command(BaseCommand):
    help = "Refait ce que la recherche des soutiens regarde, à partir des données elles-mêmes."

    def handle(self, *args: object, **options: object) -> None:
        done = index_everyone([SIGNATURE_MARKS])
        self.stdout.write(f"Fiches relues : {done}.")
