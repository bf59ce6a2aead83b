"""The statements of a batch: texts in `sql/`, put together for what the batch holds."""

from functools import cache
from itertools import takewhile
from pathlib import Path

from levier.gathering.petitions.rules.goals import thresholds
from levier.gathering.signing.rules import SAME_GESTURE

FOLDER = Path(__file__).with_name("sql")
HIGHEST_THRESHOLD = 2_000_000_000
PARTS = ("consents", "comments", "phones")


@cache
def statement(name: str) -> str:
    """One statement as it is written."""
    return (FOLDER / f"{name}.sql").read_text()


@cache
def signatures_statement(parts: frozenset[str]) -> str:
    """What is written under the lock. Most batches hold no phone, some hold no comment: what is
    not there costs nothing."""
    steps = ",".join(str(n) for n in takewhile(lambda n: n <= HIGHEST_THRESHOLD, thresholds()))
    more = "".join(statement(part) for part in PARTS if part in parts)
    return (
        statement("signatures")
        .replace("/*more*/", more)
        .replace("/*same_gesture*/", f"interval '{SAME_GESTURE.total_seconds()} seconds'")
        .replace("/*thresholds*/", f"'{{{steps}}}'::int[]")
    )
