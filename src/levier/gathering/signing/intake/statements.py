"""The statements of a batch: texts in `sql/`, prepared on every connection of the intake."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain, combinations, takewhile
from pathlib import Path

from psycopg.pq import Escaping
from psycopg.pq.abc import PGconn

from levier.gathering.petitions.rules.goals import thresholds
from levier.gathering.signing.rules.receipts import SAME_GESTURE

FOLDER = Path(__file__).with_name("sql")
HIGHEST_THRESHOLD = 2_000_000_000
PARTS = ("consents", "comments", "phones", "partners")
_PARAMETER = re.compile(r"%\((\w+)\)s")


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


def preparations() -> Iterator[str]:
    """What a new connection prepares: every statement a batch may need, by name."""
    yield _preparation("levier_people", statement("people"))
    yield _preparation("levier_lock", statement("lock"))
    every = chain.from_iterable(combinations(PARTS, n) for n in range(len(PARTS) + 1))
    for parts in map(frozenset, every):
        yield _preparation(_name(parts), signatures_statement(parts))


def one_message(pgconn: PGconn, parameters: Mapping[str, str], parts: frozenset[str]) -> bytes:
    """A whole batch as one message of the simple protocol, which PostgreSQL runs as one
    transaction: nothing travels between the statements, and the lock waits for nobody."""
    escaping = Escaping(pgconn)
    written = {name: escaping.escape_literal(value.encode()) for name, value in parameters.items()}
    calls = (
        ("levier_people", statement("people")),
        ("levier_lock", statement("lock")),
        (_name(parts), signatures_statement(parts)),
    )
    return b";".join(
        b"EXECUTE %s (%s)" % (name.encode(), b",".join(written[p] for p in parameters_of(text)))
        for name, text in calls
    )


@cache
def parameters_of(text: str) -> tuple[str, ...]:
    """The parameters of a statement, in the order they are given in."""
    return tuple(dict.fromkeys(_PARAMETER.findall(text)))


def _preparation(name: str, text: str) -> str:
    order = parameters_of(text)
    numbered = _PARAMETER.sub(lambda found: f"${order.index(found[1]) + 1}", text)
    kinds = ",".join("timestamptz" if name == "now" else "text" for name in order)
    return f"PREPARE {name} ({kinds}) AS {numbered}"


def _name(parts: frozenset[str]) -> str:
    return "_".join(("levier_signatures", *(part for part in PARTS if part in parts)))
