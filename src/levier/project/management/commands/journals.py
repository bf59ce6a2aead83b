"""`levier journals`: what is counted by day, place and link, compared with the signatures."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.signing.actions.journal import rebuild_journals
from levier.gathering.signing.actions.mend_journals import mend_journals


class Command(BaseCommand):
    help = "Compare les décomptes par jour, lieu et lien avec les signatures, et répare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "petitions", nargs="*", metavar="ADRESSE", help="refaire ceux de ces pétitions"
        )

    def handle(self, *args: Any, petitions: list[str], **options: Any) -> None:
        """Mend everything, or make those of some petitions again from nothing."""
        if petitions:
            self._rebuild(petitions)
            return
        mended = mend_journals()
        for pk in mended.petitions:
            self.stdout.write(f"pétition {pk} : décomptes refaits, ils ne tombaient pas juste")
        self.stdout.write(f"{mended.signatures} signature(s) comptées autrement")

    def _rebuild(self, slugs: list[str]) -> None:
        for slug in slugs:
            petition = Petition.objects.filter(
                pk__in=Slug.objects.filter(slug=slug).values("petition")
            ).first()
            if petition is None:
                raise CommandError(f"Aucune pétition à l’adresse {slug}.")
            done = rebuild_journals(petition=petition)
            self.stdout.write(f"{slug} : {done} signature(s) comptées de nouveau")
