"""What a table looks like before anybody says what its columns mean."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from levier.foundation.common.folding import words
from levier.foundation.common.tables.cells import DAY, plain
from levier.foundation.common.tables.delimited import MOST_COLUMNS, Dialect, records, separator_of
from levier.foundation.common.tables.encodings import encoding_of
from levier.foundation.common.tables.errors import EmptyTable, TooManyColumns

HEADER_SOUGHT = 15  # records from the top
WEIGHED = 20_000  # records from which columns are judged
SAMPLES = 5
LONGEST_SAMPLE = 80
LONGEST_TITLE = 120
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(kw_only=True)
class Column:
    """One column: its title, a few of its values, and what they look like."""

    title: str
    samples: list[str] = field(default_factory=list)
    filled: int = 0
    addresses: int = 0
    days_first: int = 0  # dates that can only be day before month
    months_first: int = 0  # dates that can only be month before day


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How to read a table, and what is in it. `header` is the row of the titles, 0 for none."""

    dialect: Dialect
    damaged: bool
    header: int
    columns: tuple[Column, ...]
    rows: int  # that hold something, the titles left out


def shape_of(text: Path, *, encoding: str = "", titles: Sequence[str] = ()) -> Shape:
    """Read a text through once. `titles` are words that tell a row of titles from the others;
    `encoding` overrides what is found. Raises UnreadableTable."""
    found = encoding_of(text)
    chosen = encoding or found.name
    dialect = Dialect(encoding=chosen, separator=separator_of(text, chosen))
    top = list(islice(records(text, dialect), HEADER_SOUGHT))
    if not top:
        raise EmptyTable
    header, names = _header(top, frozenset(titles))
    columns, rows = _weighed(records(text, dialect), header, names)
    if not rows:
        raise EmptyTable
    return Shape(
        dialect=dialect,
        damaged=found.damaged and not encoding,
        header=header,
        columns=tuple(columns),
        rows=rows,
    )


def body(
    text: Path, *, dialect: Dialect, header: int, width: int
) -> Iterator[tuple[int, list[str]]]:
    """The rows under the titles, each of `width` cells at least; a longer one keeps what it has."""
    for row, record in records(text, dialect):
        if row > header:
            if len(record) < width:
                record.extend([""] * (width - len(record)))
            yield row, record


def title_key(title: str) -> str:
    """A title as it is compared: lower case, no accent, words only."""
    return " ".join(words(title))


def _header(top: list[tuple[int, list[str]]], titles: frozenset[str]) -> tuple[int, list[str]]:
    """The row of the titles: the one with the most known words, else the first row when it does
    not look like people."""
    known = [sum(title_key(cell) in titles for cell in record) for _row, record in top]
    best = max(range(len(top)), key=lambda n: (known[n], -n))
    if known[best] >= 2 or (known[best] == 1 and best == 0):
        row, record = top[best]
    else:
        row, record = top[0]
        if any(ADDRESS.fullmatch(cell.strip()) for cell in record):
            return 0, [""] * max(len(cells) for _row, cells in top)
    return row, record


def _weighed(
    found: Iterator[tuple[int, list[str]]], header: int, names: list[str]
) -> tuple[list[Column], int]:
    columns = [Column(title=title) for title in _titles(names)]
    rows = 0
    for row, record in found:
        if row <= header:
            continue
        rows += 1
        if rows > WEIGHED:
            continue
        while len(columns) < len(record) and rows <= SAMPLES:
            columns.append(Column(title=_("Colonne %(n)s") % {"n": len(columns) + 1}))
        for column, cell in zip(columns, record, strict=False):
            if cell:
                _weigh(column, cell)
    if len(columns) > MOST_COLUMNS:
        raise TooManyColumns
    return columns, rows


def _weigh(column: Column, cell: str) -> None:
    text = plain(cell)
    if not text:
        return
    column.filled += 1
    if len(column.samples) < SAMPLES and text[:LONGEST_SAMPLE] not in column.samples:
        column.samples.append(text[:LONGEST_SAMPLE])
    if "@" in text:
        column.addresses += ADDRESS.fullmatch(text) is not None
    elif text[0].isdigit() and (date := DAY.match(text)):
        first, second = int(date[1]), int(date[2])
        column.days_first += 12 < first <= 31
        column.months_first += first <= 12 < second <= 31


def _titles(names: list[str]) -> list[str]:
    """One title per column, none empty, no two alike."""
    seen: Counter[str] = Counter()
    titles = []
    for n, name in enumerate(names, 1):
        title = " ".join(plain(name).split())[:LONGEST_TITLE] or _("Colonne %(n)s") % {"n": n}
        seen[title.casefold()] += 1
        times = seen[title.casefold()]
        titles.append(f"{title} ({times})" if times > 1 else title)
    return titles
