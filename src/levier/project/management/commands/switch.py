from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from levier.gathering.petitions.actions.switching import set_switch
from levier.gathering.petitions.enums import SwitchKind
from levier.gathering.petitions.errors import PetitionError
from levier.gathering.petitions.forms.switch import SENTENCES
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.petitions.models.switch import SENTENCE_LENGTH
from levier.gathering.petitions.rules.switches import thrown_switches

ON, OFF = "on", "off"


class Command(BaseCommand):
    help = "Montre les interrupteurs, en active ou désactive un, sur le site ou une pétition."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", nargs="?", choices=SwitchKind.values, metavar="INTERRUPTEUR")
        parser.add_argument("position", nargs="?", choices=(ON, OFF), metavar="on|off")
        parser.add_argument(
            "--petition", default="", metavar="ADRESSE", help="défaut : tout le site"
        )
        parser.add_argument("--sentence", default="", metavar="PHRASE", help="ce que lit le public")

    def handle(self, *args: object, **options: str | None) -> None:
        petition = _petition(options["petition"] or "")
        if options["kind"] is None:
            self._tell(petition)
            return
        kind, sentence = SwitchKind(options["kind"]), " ".join((options["sentence"] or "").split())
        if options["position"] is None:
            raise CommandError("précisez on ou off.")
        if len(sentence) > SENTENCE_LENGTH:
            raise CommandError(f"une phrase d’au plus {SENTENCE_LENGTH} caractères.")
        try:
            set_switch(
                kind=kind,
                petition=petition,
                thrown=options["position"] == ON,
                sentence=sentence or str(SENTENCES[kind]),
                by=None,
                now=timezone.now(),
            )
        except PetitionError as error:
            raise CommandError(str(error)) from error
        self._tell(petition)

    def _tell(self, petition: Petition | None) -> None:
        thrown = thrown_switches(petition)
        for kind in SwitchKind:
            row = thrown.get(kind)
            said = f"activé : {row.sentence}" if row else "non activé"
            self.stdout.write(f"{kind.value:<11} {kind.label:<34} {said}")


def _petition(slug: str) -> Petition | None:
    if not slug:
        return None
    found = Slug.objects.filter(slug=slug).select_related("petition__campaign").first()
    if found is None:
        raise CommandError(f"aucune pétition à l’adresse « {slug} ».")
    return found.petition
