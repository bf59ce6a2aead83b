"""CSV that French spreadsheets open as it is, and that runs nothing when opened.

UTF-8 with a byte-order mark and « ; » between cells: what Excel in French expects, and
LibreOffice accepts. A cell that would start a formula is led by an apostrophe (OWASP, « CSV
injection »), so that a name such as `=HYPERLINK(…)` stays a name.
"""

import csv
from collections.abc import Generator, Iterable, Sequence
from io import StringIO

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ROWS_PER_CHUNK = 500


def neutral(cell: object) -> str:
    """The cell as text that a spreadsheet does not run."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA_STARTS) else text


def csv_chunks(
    header: Sequence[str], rows: Iterable[Sequence[object]]
) -> Generator[bytes, None, None]:
    """The file, a few hundred rows at a time; no more than that is ever held."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(header)
    for n, row in enumerate(rows, start=1):
        writer.writerow([neutral(cell) for cell in row])
        if n % ROWS_PER_CHUNK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content
