"""Bringing files in from tests, as the worker does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from levier.foundation.accounts.models import User
from levier.foundation.people.actions.import_columns import day_first, guess
from levier.foundation.people.actions.import_files import receive_file
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.import_check import check_past
from levier.gathering.signing.actions.import_past import import_past
from levier.gathering.signing.actions.import_rows import TARGETS
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.tasks.imports import go_on

HEAD = "Prénom;Nom;Courriel;Code postal;Pays;Date de signature"


def csv_of(*rows: str, head: str = HEAD) -> bytes:
    """A file as a French spreadsheet writes it."""
    return "\r\n".join((head, *rows)).encode("cp1252")


def received(
    petition: Petition, content: bytes, now: datetime, *, by: User | None = None
) -> ImportBatch:
    """A file sent and read."""
    batch = ImportBatch(petition=petition, organisation=petition.campaign.organisation)
    batch = receive_file(batch=batch, pieces=[content], name="liste.csv", by=by, now=now)
    go_on(batch.pk)
    return fresh(batch)


def checked(
    petition: Petition,
    content: bytes,
    now: datetime,
    *,
    mapping: Mapping[str, Any] | None = None,
    by: User | None = None,
) -> ImportBatch:
    """The same, its columns guessed and its rows checked."""
    batch = received(petition, content, now, by=by)
    assert batch.problem == ""
    columns = batch.reading["columns"]
    found = guess(columns, TARGETS)
    told = {"columns": found, "country": "FR", "day_first": day_first(columns, found)}
    check_past(batch=batch, mapping={**told, **(mapping or {})})
    go_on(batch.pk)
    return fresh(batch)


def imported(petition: Petition, content: bytes, now: datetime, **options: Any) -> ImportBatch:
    """The same, and written."""
    batch = checked(petition, content, now, **options)
    import_past(batch=batch, by=options.get("by"), now=now)
    work(batch)
    return fresh(batch)


def work(batch: ImportBatch) -> None:
    """To the end of what was asked."""
    while go_on(batch.pk):
        continue


def fresh(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.get(pk=batch.pk)


def ended(batch: ImportBatch) -> datetime:
    """When its import ended."""
    end = fresh(batch).finished_at
    assert end is not None
    return end
