"""The activities a reader has not read, by person: see signing.queries.news for why a snapshot."""

from dataclasses import dataclass

from django.db import connection

_SNAPSHOT = "SELECT s::text, pg_snapshot_xmin(s)::text::bigint FROM pg_current_snapshot() AS s"
_READ = """
SELECT xid::text::bigint, id, person_id FROM levier_activity
WHERE xid >= %(cursor)s::text::xid8 AND (xid, id) > (%(after)s::text::xid8, %(after_id)s)
  AND person_id IS NOT NULL
  AND pg_visible_in_snapshot(xid, %(now)s::pg_snapshot)
  AND NOT pg_visible_in_snapshot(xid, %(before)s::pg_snapshot)
ORDER BY xid, id LIMIT %(limit)s
"""
NOTHING_SEEN = "1:1:"


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


def people_between(
    *, cursor: int, before: str, now: Snapshot, after: tuple[int, int], limit: int
) -> tuple[list[int], tuple[int, int] | None]:
    """Whom the activities tell of that `now` sees and `before` did not, after a position; and
    the position to go on from, None once all is read."""
    values: dict[str, str | int] = {
        "cursor": str(cursor),
        "before": before,
        "now": now.text,
        "after": str(after[0]),
        "after_id": after[1],
        "limit": limit,
    }
    with connection.cursor() as database:
        database.execute(_READ, values)
        rows = database.fetchall()
    position = (rows[-1][0], rows[-1][1]) if len(rows) == limit else None
    return sorted({person for _, _, person in rows}), position
