"""A file of people, from its upload to the day it is forgotten. Both kinds of imports use this."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import User
from levier.foundation.common.tables import storing
from levier.foundation.common.tables.errors import UnreadableTable
from levier.foundation.common.tables.kinds import Kind, kind_of
from levier.foundation.common.tables.shapes import Shape, shape_of, title_key
from levier.foundation.common.tables.workbooks import write_as_text
from levier.foundation.people.actions.import_columns import MEANINGS
from levier.foundation.people.enums import NOT_STARTED, UNDOABLE, WORKING, ImportState
from levier.foundation.people.errors import FileKnown, ImportMoved
from levier.foundation.people.models.imports import FILE_NAME_LENGTH, FileImport

KEPT = timedelta(days=7)
Some = TypeVar("Some", bound=FileImport)
_FORGET_ROWS = "DELETE FROM levier_importrow WHERE import = %s"


@transaction.atomic
def receive_file(
    *, batch: Some, pieces: Iterable[bytes], name: str, by: User | None, now: datetime
) -> Some:
    """Keep a file and note it as received; a task reads it. `batch` is unsaved and says whose it
    is. Raises UnreadableTable for what is no table at first sight, FileKnown for a file that is
    already here."""
    batch.uuid = uuid4()
    try:
        digest, size = storing.keep(batch.uuid, pieces)
        kind_of(storing.sent_file(batch.uuid))
        batch.sha256, batch.size, batch.by, batch.created_at = digest, size, by, now
        batch.file_name = _plain_name(name)
        _refuse_twice(batch)
        batch.save(force_insert=True)
    except BaseException:
        storing.drop(batch.uuid)
        raise
    return batch


def _refuse_twice(batch: FileImport) -> None:
    """The constraint has the last word; this one says which import it was."""
    same = {name: getattr(batch, name) for name in _scope(batch)}
    known = type(batch)._default_manager.filter(**same, sha256=batch.sha256, undone_at=None)
    for other in known.select_for_update():
        if other.state != ImportState.UNREADABLE:
            raise FileKnown(other)
        discard_file(batch=other)


def _scope(batch: FileImport) -> tuple[str, ...]:
    names = {field.name for field in batch._meta.get_fields()}
    return ("petition_id",) if "petition" in names else ("organisation_id",)


def _plain_name(name: str) -> str:
    kept = "".join(c for c in Path(name).name if c.isprintable())
    return kept[-FILE_NAME_LENGTH:] or _("fichier")


def discard_file(*, batch: FileImport) -> None:
    """Forget an import from which nothing was written. Raises ImportMoved."""
    if batch.state not in NOT_STARTED:
        raise ImportMoved
    drop_rows(batch)
    storing.drop(batch.uuid)
    batch.delete()


def drop_rows(batch: FileImport) -> None:
    """Delete the rows that wait."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_ROWS, [batch.uuid])


def locked_import(model: type[Some], pk: int) -> Some:
    """The import, locked until the transaction ends."""
    return model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=pk)


def read_file(*, batch: Some) -> Some:
    """Turn a workbook into text, find how the text is written and what its columns hold. What
    cannot be read is said in `problem`. Safe to run twice."""
    encoding, sheet = batch.reading.get("encoding", ""), batch.reading.get("sheet", "")
    try:
        reading = _reading(batch, encoding, sheet)
    except UnreadableTable as error:
        state, reading, problem = ImportState.UNREADABLE, {}, str(error)
    else:
        state, problem = ImportState.READ, ""
    with transaction.atomic():
        kept = locked_import(type(batch), batch.pk)
        if kept.state == ImportState.RECEIVED:
            kept.state, kept.reading, kept.problem = state, reading, problem
            kept.total = reading.get("rows", 0)
            kept.save(update_fields=["state", "reading", "problem", "total"])
    return kept


def _reading(batch: FileImport, encoding: str, sheet: str) -> dict[str, Any]:
    sent, sheets = storing.sent_file(batch.uuid), []
    if kind_of(sent) is Kind.WORKBOOK:
        sheets = write_as_text(sent, storing.made_text(batch.uuid), sheet=sheet)
    shape = shape_of(storing.text_file(batch.uuid), encoding=encoding, titles=tuple(MEANINGS))
    return {**_kept(shape), "sheets": sheets, "chosen_encoding": encoding}


def _kept(shape: Shape) -> dict[str, Any]:
    columns = [
        {**asdict(column), "key": title_key(column.title), "samples": _clear(column.samples)}
        for column in shape.columns
    ]
    return {
        "encoding": shape.dialect.encoding,
        "separator": shape.dialect.separator,
        "damaged": shape.damaged,
        "header": shape.header,
        "rows": shape.rows,
        "columns": columns,
    }


def _clear(samples: list[str]) -> list[str]:
    return ["".join(c if c.isprintable() else " " for c in text) for text in samples]


@transaction.atomic
def read_again(*, batch: Some, encoding: str = "", sheet: str = "") -> Some:
    """Read the file once more, in another encoding or at another sheet. Raises ImportMoved."""
    kept = locked_import(type(batch), batch.pk)
    if kept.state not in NOT_STARTED:
        raise ImportMoved
    drop_rows(kept)
    kept.state, kept.problem, kept.counts, kept.mapping = ImportState.RECEIVED, "", {}, {}
    kept.reading = {"encoding": encoding, "sheet": sheet}
    kept.save(update_fields=["state", "problem", "counts", "mapping", "reading"])
    return kept


@transaction.atomic
def choose_columns(*, batch: Some, mapping: dict[str, Any]) -> Some:
    """Say what the columns mean; a task checks every row. Nothing is written yet."""
    kept = locked_import(type(batch), batch.pk)
    if kept.state not in NOT_STARTED or not kept.reading.get("columns"):
        raise ImportMoved
    kept.state, kept.mapping, kept.counts = ImportState.CHECKING, mapping, {}
    kept.done, kept.total, kept.problem = 0, kept.reading["rows"], ""
    kept.reached_position, kept.reached_row = None, 0
    kept.save()
    return kept


@transaction.atomic
def stop_import(*, batch: Some, now: datetime) -> Some:
    """Ask what is under way to stop: a check is forgotten, an import keeps what it has written
    and may go on later or be undone."""
    kept = locked_import(type(batch), batch.pk)
    if kept.state == ImportState.CHECKING:
        kept.state, kept.done = ImportState.READ, 0
    elif kept.state == ImportState.RUNNING:
        kept.state, kept.finished_at = ImportState.STOPPED, now
    kept.save(update_fields=["state", "done", "finished_at"])
    return kept


@transaction.atomic
def break_off(*, batch: FileImport, problem: str, now: datetime) -> None:
    """Something went wrong that nobody foresaw: say it, and let somebody start again."""
    kept = locked_import(type(batch), batch.pk)
    if kept.state in WORKING:
        begun = kept.started_at is not None
        kept.state = ImportState.STOPPED if begun else ImportState.UNREADABLE
        kept.problem, kept.finished_at = problem, now if begun else None
        kept.save(update_fields=["state", "problem", "finished_at"])


def may_be_undone(batch: FileImport, *, now: datetime) -> bool:
    """Whether the seven days are not over (P59)."""
    limit = undoable_until(batch)
    return batch.state in UNDOABLE and limit is not None and now < limit


def undoable_until(batch: FileImport) -> datetime | None:
    """Until when an import may be undone and its file is kept; None while it is under way."""
    return batch.finished_at + KEPT if batch.finished_at else None
