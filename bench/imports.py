"""Bringing files in: a million supporters beside a bare COPY, past signatures beside the ORM."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from bench.place import Place
from bench.table import Line, Table
from levier.foundation.common.tables import storing
from levier.foundation.ledger.queries import verify_chain
from levier.foundation.people.actions.import_columns import SUPPORTER_TARGETS, guess
from levier.foundation.people.actions.import_files import receive_file
from levier.foundation.people.actions.import_supporters import check_supporters, import_supporters
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.imports import FileImport, SupporterImport
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.tasks.imports import go_on as go_on_supporters
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.import_check import check_past
from levier.gathering.signing.actions.import_past import import_past
from levier.gathering.signing.actions.import_rows import TARGETS
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from levier.gathering.signing.tasks.imports import go_on as go_on_signatures

LEAST_ROWS = 20_000  # a second
TIMES_THE_ORM = 20
SIGNATURES, BY_THE_ORM = 100_000, 2_000
TWICE = 50  # one row in so many is somebody of before, in capitals
HEAD = "Prénom;Nom;Courriel;Code postal;Pays;Date\r\n"
BARE = "CREATE TABLE bench_bare (a text, b text, c text, d text, e text, f text)"


def of_files(place: Place, petition: Petition, many: int, table: Table) -> None:
    """Both kinds of files."""
    of_supporters(place, petition, many, table)
    of_signatures(place, petition, table)


def of_supporters(place: Place, petition: Petition, many: int, table: Table) -> None:
    """A file read, checked, compared and written, beside a bare COPY of the same file."""
    path = place.folder / "soutiens.csv"
    write_file(path, many)
    bare = _copied(place, path)
    batch = SupporterImport(organisation=petition.campaign.organisation)
    started = perf_counter()
    with path.open("rb") as file:
        pieces = iter(lambda: file.read(65_536), b"")
        batch = receive_file(batch=batch, pieces=pieces, name="s.csv", by=None, now=timezone.now())
    read = _went(batch, go_on_supporters)
    mapping = {"columns": guess(read.reading["columns"], SUPPORTER_TARGETS), "country": "FR"}
    check_supporters(batch=read, mapping=mapping)
    _went(batch, go_on_supporters)
    import_supporters(batch=read, by=None, now=timezone.now())
    done = _went(batch, go_on_supporters)
    rate = many / (perf_counter() - started)
    table.add(
        Line(
            what=f"importer {many:_} soutiens sans double".replace("_", " "),
            measured=f"{rate:,.0f}/s".replace(",", " "),
            reference=f"{bare:,.0f}/s (COPY nu)".replace(",", " "),
            ratio=f"{rate / bare:.1%}",
            goal=f"≥ {LEAST_ROWS:,}/s".replace(",", " "),
            reached=rate >= LEAST_ROWS,
        )
    )
    met = Person.objects.filter(created_at=done.started_at).count()
    wrong = "" if met == done.counts["new"] == many - many // TWICE else f"{met} personnes"
    table.exact("soutiens, chacun une fois", wrong=wrong)
    storing.drop(batch.uuid)


def of_signatures(place: Place, petition: Petition, table: Table) -> None:
    """Past signatures in sets, beside one row after another by the ORM."""
    path = place.folder / "signatures.csv"
    write_file(path, SIGNATURES, domain="ailleurs.fr")
    batch = ImportBatch(petition=petition, organisation=petition.campaign.organisation)
    started = perf_counter()
    batch = receive_file(
        batch=batch, pieces=[path.read_bytes()], name="s.csv", by=None, now=timezone.now()
    )
    read = _went(batch, go_on_signatures)
    check_past(
        batch=read,
        mapping={"columns": guess(read.reading["columns"], TARGETS), "country": "FR"},
    )
    _went(batch, go_on_signatures)
    import_past(batch=read, by=None, now=timezone.now())
    _went(batch, go_on_signatures)
    rate = SIGNATURES / (perf_counter() - started)
    one_by_one = _by_the_orm(petition)
    table.ratio("reprendre des signatures", rate, one_by_one, "ligne à ligne", TIMES_THE_ORM)
    broken = verify_chain(petition.campaign.organisation_id)
    table.exact("numéros, décompte et journal", wrong="rompus" if broken or discrepancies() else "")
    storing.drop(batch.uuid)


def write_file(path: Path, many: int, domain: str = "exemple.fr") -> None:
    """A French spreadsheet's file, one row in TWICE somebody who is already in it."""
    with path.open("w", encoding="cp1252", newline="") as file:
        file.write(HEAD)
        file.writelines(_rows(many, domain))


def _rows(many: int, domain: str) -> Iterator[str]:
    for n in range(many):
        who = hashlib.md5(str(n - 1 if n % TWICE == 1 else n).encode()).hexdigest()[:12]
        who = who.upper() if n % TWICE == 1 else who
        day = f"{n % 28 + 1:02}/{n % 12 + 1:02}/2024 {n % 24:02}:{n % 60:02}"
        yield f"Éloïse;Lefèvre;{who}@{domain};{10_000 + n % 80_000};FR;{day}\r\n"


def _went(batch: FileImport, go_on: Callable[[int], bool]) -> Any:
    while go_on(batch.pk):
        continue
    return type(batch)._default_manager.get(pk=batch.pk)


def _copied(place: Place, path: Path) -> float:
    with psycopg.connect(place.url, autocommit=True) as bare:
        bare.execute("DROP TABLE IF EXISTS bench_bare")
        bare.execute(BARE)
        started = perf_counter()
        copy_in = (
            "COPY bench_bare FROM STDIN (FORMAT csv, DELIMITER ';', HEADER, ENCODING 'WIN1252')"
        )
        with path.open("rb") as file, bare.cursor().copy(copy_in) as copy:
            while piece := file.read(65_536):
                copy.write(piece)
        seconds = perf_counter() - started
        (rows,) = bare.execute("SELECT count(*) FROM bench_bare").fetchone() or (0,)
        bare.execute("DROP TABLE bench_bare")
    return float(rows / seconds)


def _by_the_orm(petition: Petition) -> float:
    """What one writes first: a transaction a row, each object by itself, and no log at all."""
    organisation, now = petition.campaign.organisation, timezone.now()
    started = perf_counter()
    for n in range(BY_THE_ORM):
        address = f"ligne{n}@orm.exemple.fr"
        with transaction.atomic():
            person = Person.objects.create(
                organisation=organisation, uuid=uuid.uuid4(), first_name="Éloïse",
                last_name="Lefèvre", postcode="35000", country="FR", created_at=now,
            )  # fmt: skip
            point, _ = ContactPoint.objects.get_or_create(
                organisation=organisation, channel="email", canonical=address,
                defaults={"person": person, "typed": address, "created_at": now},
            )  # fmt: skip
            tally = Tally.objects.select_for_update().get(petition=petition)
            signature = Signature.objects.create(
                petition=petition, version_id=petition.version_id, person=person,
                contact_point=point, number=tally.last_number + 1, state="counted",
                first_name="Éloïse", last_name="Lefèvre", postcode="35000", country="FR",
                source="import", signed_at=now - timedelta(days=n % 300), salt=bytes(16),
            )  # fmt: skip
            tally.last_number += 1
            tally.counted += 1
            tally.save()
            _tell(organisation.pk, person.pk, signature.pk)
    return BY_THE_ORM / (perf_counter() - started)


def _tell(organisation: int, person: int, signature: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Activity._meta.db_table} (organisation_id, person_id, kind, subject, at)"
            " VALUES (%s, %s, 'signed', %s, now())",
            [organisation, person, f"signature:{signature}"],
        )
