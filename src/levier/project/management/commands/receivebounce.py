"""`levier receivebounce < mail`: what came back, from the pipe of a mail server."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from levier.foundation.messaging.actions.receive_mail import Received, receive_mail
from levier.foundation.messaging.rules.reports import LONGEST

SAID = {
    Received.RECORDED: "noté",
    Received.STRANGE: "ce message n’est pas d’ici : rien n’est noté",
    Received.LEFT: "désabonnement noté",
    Received.NOTHING: "réponse automatique ou simple retard : rien à noter",
    Received.UNREADABLE: "rien de reconnu : à lire par une personne",
}


class Command(BaseCommand):
    help = "Lit sur l’entrée standard un courriel revenu (échec, plainte, désabonnement)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--recipient", default="", metavar="ADRESSE", help="à quelle adresse il est arrivé"
        )

    def handle(self, *args: Any, recipient: str, **options: Any) -> None:
        """Always ends well: a mail server would send its own report of a failure, for ever."""
        raw = sys.stdin.buffer.read(LONGEST)
        became = receive_mail(raw=raw, recipient=recipient, now=timezone.now())
        self.stdout.write(SAID[became])
