"""The same CSV as `csv_export`, written by PostgreSQL itself: for lists as long as one likes.

`COPY … TO STDOUT` sends rows as it reads them; nothing is held here but one piece. Cells that
would start a formula are led by an apostrophe, as there.
"""

import csv
from collections.abc import Generator, Sequence
from io import StringIO
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    Case,
    CharField,
    F,
    Func,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.utils import timezone

from levier.foundation.common.csv_export import BYTE_ORDER_MARK, FORMULA_STARTS

PIECE = 256 * 1024  # bytes
_SPACES = " \u00a0"
_CLASS = "".join(rf"\{c}" if c == "-" else c for c in FORMULA_STARTS)
# Most cells start with a letter or a figure, which is seen at once; the others are looked at.
_NEUTRAL = """
CASE WHEN ascii(%(cell)s) BETWEEN 65 AND 122 OR ascii(%(cell)s) BETWEEN 48 AND 57 THEN %(cell)s
WHEN strpos(%(signs)s, nullif(left(ltrim(%(cell)s, %(spaces)s), 1), '')) > 0
THEN '''' || %(cell)s ELSE nullif(%(cell)s, '') END
"""


class NeutralCell(Func):
    """A text that a spreadsheet does not run; nothing for an empty one."""

    output_field = TextField()

    def as_postgresql(self, compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        """The cell is written again and again: a name of a column, not something to compute."""
        cell, _none = compiler.compile(self.source_expressions[0])
        written = _NEUTRAL % {"signs": "%s", "spaces": "%s", "cell": cell}
        return written, ["".join(FORMULA_STARTS), _SPACES]


def text(name: str) -> NeutralCell:
    """A column of text."""
    return NeutralCell(F(name))


def computed(expression: Combinable) -> Func:
    """A text that is looked up for each line: written once, at the price of a pattern."""
    return Func(
        Func(expression, Value(""), function="nullif"),
        Value(f"^[{_SPACES}]*[{_CLASS}]"),
        Value("'\\&"),
        function="regexp_replace",
        output_field=TextField(),
    )


def moment(name: str) -> Func:
    """A moment, in the current time zone, as spreadsheets read it."""
    zone = Value(str(timezone.get_current_timezone_name()))
    return Func(
        F(name),
        zone,
        template="date_trunc('second', %(expressions)s)",
        arg_joiner=" AT TIME ZONE ",
        output_field=CharField(),
    )


def label(name: str, choices: Sequence[tuple[str, Any]]) -> Case:
    """The words of a choice."""
    whens = [When(**{name: value}, then=Value(str(words))) for value, words in choices]
    return Case(*whens, output_field=CharField())


def one_of(condition: Any, yes: str, no: str) -> Case:
    """One word or the other."""
    return Case(When(condition, then=Value(yes)), default=Value(no), output_field=CharField())


def copied(
    header: Sequence[str], rows: QuerySet[Any], columns: Sequence[Combinable]
) -> Generator[bytes, None, None]:
    """The file, a piece at a time, from one snapshot. `columns` are cells made by this module,
    or numbers."""
    named = {f"cell_{n}": column for n, column in enumerate(columns)}
    query = rows.select_related(None).annotate(**named).values_list(*named)
    sql, params = query.query.sql_with_params()
    with transaction.atomic():
        connection.ensure_connection()
        assert connection.connection is not None
        with connection.connection.cursor() as cursor:
            statement = f"COPY ({sql}) TO STDOUT (FORMAT csv, DELIMITER ';')"
            with cursor.copy(statement, params) as sent:
                yield from _pieces(_first_line(header), sent)


def _pieces(start: bytes, sent: Any) -> Generator[bytes, None, None]:
    held, size = [start], len(start)
    for row in sent:
        held.append(bytes(row))
        size += len(row)
        if size >= PIECE:
            yield b"".join(held).replace(b"\n", b"\r\n")
            held, size = [], 0
    if held:
        yield b"".join(held).replace(b"\n", b"\r\n")


def _first_line(header: Sequence[str]) -> bytes:
    buffer = StringIO()
    buffer.write(BYTE_ORDER_MARK)
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerow(header)
    return buffer.getvalue().encode()
