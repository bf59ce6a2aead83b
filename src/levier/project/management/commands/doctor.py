import sys
from contextlib import nullcontext

from django.core.management.base import BaseCommand

from levier.project.checkup import CHECKS, Problem
from levier.project.environment import read_environment
from levier.project.postgres.errors import PostgresCannotRun
from levier.project.postgres.server import EmbeddedPostgres


class Command(BaseCommand):
    help = "Dit ce qui manque ou ne va pas, et comment y remédier."

    def handle(self, *args: object, **options: object) -> None:
        environment = read_environment()
        embedded = not environment.database_url
        server = EmbeddedPostgres(environment.data).joined() if embedded else nullcontext()
        try:
            with server:
                problems = self._examine()
        except PostgresCannotRun as error:
            self.stdout.write(f"✗ PostgreSQL : {error}")
            problems = 1
        if problems:
            self.stdout.write(f"À reprendre : {problems}.")
            sys.exit(1)
        self.stdout.write("Tout va bien.")

    def _examine(self) -> int:
        problems = 0
        for name, check in CHECKS.items():
            try:
                self.stdout.write(f"✓ {name} : {check()}")
            except Problem as problem:
                problems += 1
                self.stdout.write(f"✗ {name} : {problem}")
        return problems
