import sys
from typing import Any

from django.core.management.base import BaseCommand

from levier.project.demo.play import play


class Command(BaseCommand):
    help = "Joue la démonstration une fois, sur un site qui tourne, et dit chaque étape."

    def handle(self, *args: Any, **options: Any) -> None:
        if not play():
            sys.exit(1)
