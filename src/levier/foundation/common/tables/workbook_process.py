"""`python -m … WORKBOOK TEXT [SHEET]`: one sheet as CSV, under limits. See `workbooks`.

Imports nothing of Django: it starts at every workbook.
"""

import csv
import json
import resource
import sys
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

MEMORY = 1_536 * 1024 * 1024
PROCESSOR = 240  # seconds
WRITTEN = 1024 * 1024 * 1024
MOST_COLUMNS = 300
UNREADABLE, PROTECTED, BARE, TOO_WIDE, TOO_BIG = 10, 11, 12, 13, 14


class Bare(Exception):
    """No sheet holds anything."""


class TooWide(Exception):
    """More columns than any table of people has."""


def main(source: Path, destination: Path, wanted: str) -> int:
    """Write, and say the sheets on the standard output; the exit code says what went wrong."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    try:
        with CalamineWorkbook.from_path(source) as book:
            sheet = _chosen(book, wanted)
            _write(sheet, destination)
            others = [name for name in book.sheet_names if name != sheet.name]
    except PasswordError:
        return PROTECTED
    except Bare:
        return BARE
    except TooWide:
        return TOO_WIDE
    except (MemoryError, OSError):
        return TOO_BIG
    except (CalamineError, ValueError):
        return UNREADABLE
    except BaseException as error:  # a panic of the library is no Exception
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return UNREADABLE
    sys.stdout.write(json.dumps([sheet.name, *others]))
    return 0


def _chosen(book: CalamineWorkbook, wanted: str) -> CalamineSheet:
    if wanted in book.sheet_names:
        return book.get_sheet_by_name(wanted)
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height:
            return sheet
    raise Bare


def _write(sheet: CalamineSheet, destination: Path) -> None:
    if sheet.width > MOST_COLUMNS:
        raise TooWide
    with destination.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for row in sheet.iter_rows():  # from the first row of the sheet, empty or not
            writer.writerow([_text(cell) for cell in row])


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
