import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from levier.foundation.common.typography import number
from levier.foundation.people.actions.exports import record_export as record_supporters
from levier.foundation.people.enums import Exported
from levier.foundation.people.queries.export import columns
from levier.foundation.people.queries.export import exported as exported_supporters
from levier.foundation.people.queries.supporters import counted, supporters
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.export import record_export
from levier.gathering.signing.queries.export import exported
from levier.gathering.signing.queries.listing import signatures_of
from levier.gathering.signing.queries.selection import Filters
from levier.project.subjects import member_named, organisation_named, petition_named

CONSOLE = "-"


class Command(BaseCommand):
    help = (
        "Écrit les signatures d’une pétition (--petition) ou les soutiens d’une organisation "
        "(--organisation) dans un fichier CSV. Qui emporte combien de noms est noté."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--petition", default="", metavar="ADRESSE", help="ses signatures")
        where.add_argument("--organisation", default="", metavar="NOM", help="ses soutiens")
        parser.add_argument("--by", required=True, metavar="COURRIEL", help="le compte qui exporte")
        parser.add_argument("file", metavar="FICHIER", help="« - » pour la console")

    def handle(self, *args: object, **options: Any) -> None:
        if options["petition"]:
            rows, pieces = _signatures(petition_named(options["petition"]), options["by"])
        else:
            rows, pieces = _supporters(options["organisation"], options["by"])
        if options["file"] == CONSOLE:
            _write(sys.stdout.buffer, pieces)
            return
        path = Path(options["file"])
        try:
            with path.open("xb") as file:
                path.chmod(0o600)
                _write(file, pieces)
        except FileExistsError as error:
            raise CommandError(f"{path} existe déjà : donnez un autre nom.") from error
        except OSError as error:
            raise CommandError(f"{path} ne peut être écrit ({error.strerror}).") from error
        self.stdout.write(f"{path} : {number(rows)} lignes. Effacez-le dès qu’il ne sert plus.")


def _signatures(petition: Petition, email: str) -> tuple[int, Iterable[bytes]]:
    by = member_named(email, petition.campaign.organisation)
    filters = Filters()
    rows = record_export(petition=petition, filters=filters, by=by, now=timezone.now())
    return rows, exported(signatures_of(petition, filters))


def _supporters(name: str, email: str) -> tuple[int, Iterable[bytes]]:
    organisation = organisation_named(name)
    by = member_named(email, organisation)
    everybody = Q(organisation=organisation)
    chosen = [column for column, _words in columns()]
    rows = counted(everybody)
    record_supporters(
        organisation=organisation,
        what=Exported.SUPPORTERS,
        columns=", ".join(str(words) for _column, words in columns()),
        rows=rows,
        by=by,
        now=timezone.now(),
    )
    return rows, exported_supporters(supporters(everybody), chosen)


def _write(file: BinaryIO, pieces: Iterable[bytes]) -> None:
    file.writelines(pieces)
