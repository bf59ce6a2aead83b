"""Text with separators, record by record: never more than one of them in memory."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from levier.foundation.common.tables.errors import OpenQuote, TooManyColumns

SEPARATORS = (";", ",", "\t", "|")
LONGEST_LINE = 262_144  # characters
LONGEST_RECORD = 1_048_576
MOST_COLUMNS = 300
LOOKED_AT = 60  # records
TOLD = "sep="  # the first line by which spreadsheets say their separator


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a text is written."""

    encoding: str
    separator: str


def records(path: Path, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Every record with its row as a spreadsheet counts it, from 1; empty ones left out.

    Raises OpenQuote where a line or a record never ends, TooManyColumns.
    """
    with open_text(path, dialect.encoding) as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=dialect.separator)
        row = 0
        try:
            for record in reader:
                lines.taken = 0
                row += 1
                if row == 1 and _tells_separator(record, dialect.separator):
                    continue
                if len(record) > MOST_COLUMNS:
                    record = _trimmed(record)
                if "".join(record).strip():
                    yield row, record
        except (csv.Error, _Endless) as error:
            raise OpenQuote(row + 1) from error


def separator_of(path: Path, encoding: str) -> str:
    """The separator that cuts the first records most evenly; the one the file itself names wins."""
    with open_text(path, encoding) as file:
        first = file.readline(LONGEST_LINE).strip().strip('"')
    if first.lower().startswith(TOLD) and len(first) == len(TOLD) + 1:
        return first[-1]
    if first.lower() == TOLD:
        return "\t"  # « sep= » and a tabulation, which strip() took
    return max(
        SEPARATORS, key=lambda one: _evenness(path, Dialect(encoding=encoding, separator=one))
    )


def _evenness(path: Path, dialect: Dialect) -> float:
    """0 for one column, more when most records have the same several columns."""
    widths: Counter[int] = Counter()
    try:
        for n, (_row, record) in enumerate(records(path, dialect)):
            widths[len(record)] += 1
            if n >= LOOKED_AT:
                break
    except (OpenQuote, TooManyColumns):
        pass
    if not widths:
        return 0.0
    width, times = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    share = times / widths.total()
    return 0.0 if width == 1 else share * 10 + min(width, 50) / 50


def open_text(path: Path, encoding: str) -> TextIO:
    """A text whose broken characters become « � », its mark of encoding left out."""
    file = path.open(encoding=encoding, errors="replace", newline="")
    if encoding.startswith("utf-16") and file.read(1) != "\ufeff":
        file.seek(0)
    return file


class _Endless(Exception):
    """A line or a record that is longer than any table's."""


class _Lines:
    """The lines of a text, none longer than the limit, without the zeros no table holds."""

    def __init__(self, file: TextIO) -> None:
        self.file, self.taken = file, 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.taken += len(line)
        if len(line) >= LONGEST_LINE or self.taken > LONGEST_RECORD:
            raise _Endless
        return line.replace("\x00", "") if "\x00" in line else line


def _tells_separator(record: list[str], separator: str) -> bool:
    line = separator.join(record).strip().lower()
    return line.startswith(TOLD) and len(line) <= len(TOLD) + 1


def _trimmed(record: list[str]) -> list[str]:
    """Without the empty cells that spreadsheets drag along to the right."""
    kept = len(record)
    while kept and not record[kept - 1].strip():
        kept -= 1
    if kept > MOST_COLUMNS:
        raise TooManyColumns
    return record[:kept]
