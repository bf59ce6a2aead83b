from argparse import ArgumentParser  # noqa: N999 - the word people type
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.common.tables.errors import UnreadableTable
from levier.foundation.common.typography import number
from levier.foundation.people.actions.import_cleaning import CONSENTS, WARNINGS
from levier.foundation.people.actions.import_columns import SUPPORTER_TARGETS, day_first, guess
from levier.foundation.people.actions.import_files import (
    choose_columns,
    discard_file,
    receive_file,
)
from levier.foundation.people.actions.import_refusals import reasons_told
from levier.foundation.people.actions.import_supporters import import_supporters
from levier.foundation.people.enums import ImportState
from levier.foundation.people.errors import PeopleError
from levier.foundation.people.models.imports import FileImport, SupporterImport
from levier.foundation.people.tasks.imports import go_on as go_on_supporters
from levier.gathering.signing.actions.import_past import import_past
from levier.gathering.signing.actions.import_rows import TARGETS
from levier.gathering.signing.errors import SigningError
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.tasks.imports import go_on as go_on_signatures
from levier.project.subjects import member_named, organisation_named, petition_named

PIECE = 65_536


class Command(BaseCommand):
    help = (
        "Reprend des signatures (--petition) ou des soutiens (--organisation) d’un fichier CSV, "
        "Excel ou LibreOffice. Sans --yes, dit ce qui serait écrit et n’écrit rien."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", type=Path)
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--petition", default="", metavar="ADRESSE", help="des signatures")
        where.add_argument("--organisation", default="", metavar="NOM", help="des soutiens")
        parser.add_argument("--by", default="", metavar="COURRIEL", help="le compte qui importe")
        parser.add_argument(
            "--column", action="append", default=[], metavar="TITRE=CHAMP",
            help="ce qu’est une colonne ; champs : " + ", ".join({**TARGETS, **SUPPORTER_TARGETS}),
        )  # fmt: skip
        parser.add_argument(
            "--wording", action="append", default=[], metavar="CHAMP=PHRASE",
            help="la phrase acceptée, pour chaque colonne d’accord reprise",
        )  # fmt: skip
        parser.add_argument("--country", default="", metavar="CODE", help="pays par défaut")
        parser.add_argument("--month-first", action="store_true", help="dates mois/jour/année")
        parser.add_argument("--encoding", default="", help="encodage, s’il est mal deviné")
        parser.add_argument("--tag", action="append", default=[], help="étiquette pour tous")
        parser.add_argument("--complete", action="store_true", help="complète ce qui est vide")
        parser.add_argument("--yes", action="store_true", help="écrit vraiment")

    def handle(self, *args: object, **options: Any) -> None:
        batch, targets, go_on, start = _ground(options)
        by = member_named(options["by"], batch.organisation) if options["by"] else None
        try:
            batch = self._checked(batch, targets, go_on, by, options)
            self._tell(batch)
            if not options["yes"]:
                discard_file(batch=batch)
                self.stdout.write("Rien n’est écrit. Ajoutez --yes pour importer.")
                return
            start(batch=batch, by=by, now=timezone.now())
        except (UnreadableTable, PeopleError, SigningError) as error:
            raise CommandError(str(error)) from error
        done = _went(batch, go_on)
        if done.state != ImportState.DONE:
            raise CommandError(done.problem or str(done.get_state_display()))
        self.stdout.write("C’est écrit.")
        self._tell(done)

    def _checked(
        self,
        batch: FileImport,
        targets: Iterable[str],
        go_on: Callable[[int], bool],
        by: User | None,
        options: dict[str, Any],
    ) -> FileImport:
        now, path = timezone.now(), options["file"]
        try:
            with path.open("rb") as file:
                pieces: Iterator[bytes] = iter(lambda: file.read(PIECE), b"")
                batch.reading = {"encoding": options["encoding"]}
                batch = receive_file(batch=batch, pieces=pieces, name=path.name, by=by, now=now)
        except OSError as error:
            raise CommandError(f"{path} ne peut être lu ({error.strerror}).") from error
        batch = _went(batch, go_on)
        if batch.problem:
            raise CommandError(batch.problem)
        choose_columns(batch=batch, mapping=_mapping(batch, targets, options))
        batch = _went(batch, go_on)
        if batch.problem:
            raise CommandError(batch.problem)
        return batch

    def _tell(self, batch: FileImport) -> None:
        for column, target in zip(batch.reading["columns"], batch.mapping["columns"], strict=True):
            self.stdout.write(f"  {column['title']} → {target or 'non reprise'}")
        said = {"new": "nouvelles", "known": "déjà là", "twice": "en double", "refused": "refusées"}
        for name, words in said.items():
            self.stdout.write(f"{number(batch.counts.get(name, 0))} {words}")
        for reason, n in reasons_told(batch):
            self.stdout.write(f"  {number(n)} : {reason}")
        for name, n in batch.counts.get("warnings", {}).items():
            self.stdout.write(f"  {number(n)} : {WARNINGS[name]}")


def _ground(
    options: dict[str, Any],
) -> tuple[FileImport, Iterable[str], Callable[[int], bool], Callable[..., Any]]:
    """What is imported, what its columns may be, what goes on with it and what starts it."""
    if options["petition"]:
        petition = petition_named(options["petition"])
        options["country"] = options["country"] or petition.country
        batch = ImportBatch(petition=petition, organisation=petition.campaign.organisation)
        return batch, TARGETS, go_on_signatures, import_past
    organisation: Organisation = organisation_named(options["organisation"])
    found = SupporterImport(organisation=organisation)
    return found, SUPPORTER_TARGETS, go_on_supporters, import_supporters


def _mapping(batch: FileImport, targets: Iterable[str], options: dict[str, Any]) -> dict[str, Any]:
    columns = batch.reading["columns"]
    found, known = guess(columns, targets), set(targets)
    titles = {column["title"].casefold(): n for n, column in enumerate(columns)}
    for title, target in _pairs(options["column"]):
        if title.casefold() not in titles:
            raise CommandError(f"aucune colonne ne s’appelle « {title} ».")
        if target and target not in known:
            raise CommandError(f"« {target} » n’est pas un champ. Voyez levier import --help.")
        found = ["" if one == target else one for one in found]
        found[titles[title.casefold()]] = target
    wordings = dict(_pairs(options["wording"]))
    for name in CONSENTS:
        if name in found and not wordings.get(name):
            found[found.index(name)] = ""  # nothing proves it
    if not {"email", "phone"} & set(found):
        raise CommandError("dites quelle colonne contient le courriel : --column « TITRE=email ».")
    return {
        "columns": found,
        "country": options["country"].upper() or "FR",
        "day_first": not options["month_first"] and day_first(columns, found),
        "tags": options["tag"],
        "complete": options["complete"],
        "wordings": {name: text for name, text in wordings.items() if name in found},
    }


def _pairs(given: Iterable[str]) -> Iterator[tuple[str, str]]:
    for pair in given:
        name, equal, value = pair.partition("=")
        if not equal:
            raise CommandError(f"« {pair} » : écrivez NOM=VALEUR.")
        yield name.strip(), value.strip()


def _went(batch: FileImport, go_on: Callable[[int], bool]) -> FileImport:
    while go_on(batch.pk):
        continue
    return type(batch)._default_manager.select_related("organisation").get(pk=batch.pk)
