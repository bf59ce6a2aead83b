from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from levier.project.demo.load import load


class Command(BaseCommand):
    help = "Écrit la campagne de démonstration, si elle n’y est pas déjà."

    def handle(self, *args: Any, **options: Any) -> None:
        if load(now=timezone.now()):
            self.stdout.write("levier : la campagne de démonstration est prête.")
