"""The rows of a file, cleaned and laid in a table of their own, where sets of them are compared."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from levier.foundation.common.tables import storing
from levier.foundation.common.tables.delimited import Dialect
from levier.foundation.common.tables.shapes import body
from levier.foundation.people.actions.import_cleaning import Refused
from levier.foundation.people.actions.import_files import drop_rows, locked_import
from levier.foundation.people.enums import ImportState
from levier.foundation.people.models.imports import FileImport

AT_ONCE = 20_000
COLUMNS = (
    "import", "position", "row", "reason", "channel", "canonical", "typed", "refused",
    "first_name", "last_name", "postcode", "country", "phone", "phone_canonical", "agreed", "at",
    "confirmed_at", "show_name", "salt", "committed", "code", "honorific", "language", "tags",
    "words", "words_as", "for_press", "for_dossier",
)  # fmt: skip
SPEECHLESS = ("", "", "f", "f")  # what follows `tags`, for who says nothing
NOTHING = "\x02"  # stands for NULL: no cell that was cleaned holds it
_COPY = f"COPY levier_importrow ({', '.join(COLUMNS)}) FROM STDIN (NULL '{NOTHING}')"
_COPY_REFUSED = "COPY levier_importrow (import, position, row, reason) FROM STDIN"
_ANALYSE = "ANALYZE levier_importrow"

#: (position, what follows `reason` in COLUMNS, as texts) of a row; raises Refused.
Lay = Callable[[Sequence[str]], tuple[int, Sequence[str]]]


def stage_rows(*, batch: FileImport, lay: Lay) -> bool:
    """Clean every row and lay it down; True once all are. Stops when somebody asks: False.

    Committed by tens of thousands, so that progress is seen. Begins again from the first row
    when it is called again: for an import under way whose rows a crash of the base took (their
    table is unlogged), the same rows come in the same order.
    """
    with _alone(batch) as alone:
        return alone and _stage(batch, lay)


@contextmanager
def _alone(batch: FileImport) -> Iterator[bool]:
    """Whether nobody else lays the rows of this import down right now."""
    key = int.from_bytes(batch.uuid.bytes[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        (taken,) = cursor.fetchone() or (False,)
        try:
            yield taken
        finally:
            if taken:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _stage(batch: FileImport, lay: Lay) -> bool:
    with transaction.atomic():
        drop_rows(batch)
    rows = batch_rows(batch)
    done = 0
    while chunk := list(islice(rows, AT_ONCE)):
        done += len(chunk)
        if not _lay_down(batch, chunk, lay, done):
            return False
    with connection.cursor() as cursor:
        cursor.execute(_ANALYSE)
    return True


def batch_rows(batch: FileImport) -> Iterator[tuple[int, list[str]]]:
    """The rows of an import's file, with their number in the spreadsheet."""
    reading = batch.reading
    return body(
        storing.text_file(batch.uuid),
        dialect=Dialect(encoding=reading["encoding"], separator=reading["separator"]),
        header=reading["header"],
        width=len(reading["columns"]),
    )


@transaction.atomic
def _lay_down(batch: FileImport, chunk: list[tuple[int, list[str]]], lay: Lay, done: int) -> bool:
    kept = locked_import(type(batch), batch.pk)
    if kept.state != batch.state:
        drop_rows(batch)
        return False
    accepted, refused = [], []
    for row, record in chunk:
        try:
            position, told = lay(record)
        except Refused as error:
            refused.append(f"{batch.uuid}\t0\t{row}\t{error.args[0]}\n")
        else:
            accepted.append(_line(f"{batch.uuid}\t{position}\t{row}\t", told))
    with connection.cursor() as cursor:
        for statement, lines in ((_COPY, accepted), (_COPY_REFUSED, refused)):
            with cursor.copy(statement) as copy:
                copy.write("".join(lines))
    if kept.state == ImportState.CHECKING:
        type(batch)._default_manager.filter(pk=batch.pk).update(done=done)
    return True


def _line(start: str, told: Sequence[str]) -> str:
    """A line of COPY's text format. No value holds a tabulation or the end of a line."""
    line = "\t".join(told).replace("\\", "\\\\")
    return f"{start}\t{line}\n"


def array(values: Sequence[str]) -> str:
    """An array as PostgreSQL reads it."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}" if values else "{}"


def binary(value: bytes) -> str:
    """Bytes as PostgreSQL reads them."""
    return f"\\x{value.hex()}"


def moment(value: datetime | None) -> str:
    """A moment as PostgreSQL reads it, or nothing."""
    return value.isoformat() if value else NOTHING


def boolean(value: bool) -> str:
    """Yes or no as PostgreSQL reads it."""
    return "t" if value else "f"


def one_line(text: str) -> str:
    """Without what no eye sees."""
    return "".join(c for c in text if c.isprintable()) if text else ""
