"""Workbooks (XLSX, XLSB, XLS, ODS) turned into text by a process of its own.

A library reads them, whole, in memory: a crafted file may ask for all there is, or make it stop.
The process that runs it has a limit of memory, time and disk, and nothing else to lose.
"""

import json
import subprocess
import sys
from pathlib import Path

from levier.foundation.common.tables.errors import (
    CutShort,
    EmptyTable,
    Locked,
    Swollen,
    TooManyColumns,
    UnreadableTable,
)

SECONDS = 300
# The exit codes of the process.
UNREADABLE, PROTECTED, BARE, TOO_WIDE, TOO_BIG = 10, 11, 12, 13, 14
REFUSALS: dict[int, type[UnreadableTable]] = {
    UNREADABLE: CutShort,
    PROTECTED: Locked,
    BARE: EmptyTable,
    TOO_WIDE: TooManyColumns,
    TOO_BIG: Swollen,
}
PROCESS = "levier.foundation.common.tables.workbook_process"


def write_as_text(workbook: Path, text: Path, *, sheet: str = "") -> list[str]:
    """Write a sheet, the first that holds anything by default, as CSV in UTF-8.

    Returns the names of the sheets, the one written first. Raises UnreadableTable.
    """
    command = [sys.executable, "-m", PROCESS, str(workbook), str(text), sheet]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        text.unlink(missing_ok=True)
        raise Swollen from error
    if done.returncode == 0:
        names: list[str] = json.loads(done.stdout)
        return names
    text.unlink(missing_ok=True)
    # Killed by a signal: memory refused, time over, too much written.
    raise REFUSALS.get(done.returncode, Swollen if done.returncode < 0 else CutShort)
