"""What the reader of activities has not read yet.

Identity values and transaction numbers are not commit-ordered: a row may become visible after
rows that came later. A pass therefore reads what one snapshot sees and the one before did not,
by PostgreSQL's own judgement of transactions; neither a late commit is lost nor does a long
transaction hold anything back. What is kept for a restart is the oldest transaction still running.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

_SNAPSHOT = "SELECT s::text, pg_snapshot_xmin(s)::text::bigint FROM pg_current_snapshot() AS s"
_READ = """
SELECT xid::text::bigint, id, kind, subject, data, at FROM levier_activity
WHERE xid >= %(cursor)s::text::xid8 AND (xid, id) > (%(after)s::text::xid8, %(after_id)s)
  AND kind = ANY(%(kinds)s)
  AND pg_visible_in_snapshot(xid, %(now)s::pg_snapshot)
  AND NOT pg_visible_in_snapshot(xid, %(before)s::pg_snapshot)
ORDER BY xid, id LIMIT %(limit)s
"""
_SIGNATURE = re.compile(r"signature:(\d+)(?::\w+)?")
NOTHING_SEEN = "1:1:"  # the snapshot that sees no transaction of ours


class News(NamedTuple):
    """One activity."""

    xid: int
    id: int
    kind: str
    subject: str
    data: str | None  # JSON
    at: datetime

    @property
    def position(self) -> tuple[int, int]:
        """Its place in the order of reading."""
        return self.xid, self.id


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What is committed at one moment, and the oldest transaction that was still running."""

    text: str
    oldest: int


def snapshot_now() -> Snapshot:
    """The snapshot of a statement of its own."""
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT)
        text, oldest = cursor.fetchone() or ("", 0)
    return Snapshot(text=text, oldest=oldest)


def news_between(
    *,
    cursor: int,
    before: str,
    now: Snapshot,
    after: tuple[int, int],
    kinds: Sequence[str],
    limit: int,
) -> list[News]:
    """Activities that `now` sees and `before` did not, in order, after a position."""
    values: dict[str, str | int | list[str]] = {
        "cursor": str(cursor),
        "before": before,
        "now": now.text,
        "after": str(after[0]),
        "after_id": after[1],
        "kinds": list(kinds),
        "limit": limit,
    }
    with connection.cursor() as database:
        database.execute(_READ, values)
        return [News(*row) for row in database.fetchall()]


def signatures_of(news: Iterable[News]) -> set[int]:
    """The signatures that activities are about."""
    found = (_SIGNATURE.fullmatch(item.subject) for item in news)
    return {int(match[1]) for match in found if match}
