"""What happened, written in the same transaction as what it tells."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

_RECORD = """
INSERT INTO levier_activity (organisation_id, person_id, kind, subject, data, at)
SELECT %s, person_id, %s, subject, data, %s
FROM unnest(%s::bigint[], %s::text[], %s::jsonb[]) AS told (person_id, subject, data)
"""
_NEEDED = """
SELECT to_regclass(%s) IS NULL AND NOT EXISTS (
    SELECT FROM levier_activity_other WHERE at >= %s AND at < %s
)
"""
MONTHS_AHEAD = 2


def record_activity(
    *,
    organisation_id: int,
    person_id: int | None,
    kind: str,
    subject: str,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Tell, in the caller's transaction, what happened. `subject` is such as "signature:12"."""
    record_activities(
        organisation_id=organisation_id,
        kind=kind,
        at=at,
        rows=[(person_id, subject, data)],
    )


def record_activities(
    *,
    organisation_id: int,
    kind: str,
    at: datetime,
    rows: Iterable[tuple[int | None, str, dict[str, Any] | None]],
) -> None:
    """The same for many people in one statement. Rows are (person id, subject, data)."""
    told = list(rows)
    people = [person for person, _, _ in told]
    subjects = [subject for _, subject, _ in told]
    data = [None if extra is None else orjson.dumps(extra).decode() for _, _, extra in told]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [organisation_id, kind, at, people, subjects, data])


@transaction.atomic
def prepare_activity_months(*, now: datetime) -> list[str]:
    """Make the partitions of this month and of the two that follow. Returns the new ones.

    A month whose rows already went to the default partition stays there. The lock it takes is
    short, and given up after two seconds rather than kept waiting for.
    """
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    made = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        for _ in range(MONTHS_AHEAD + 1):
            following = (first + timedelta(days=32)).replace(day=1)
            name = f"levier_activity_{first:%Y_%m}"
            cursor.execute(_NEEDED, [name, first, following])
            if (cursor.fetchone() or (False,))[0]:
                cursor.execute(
                    SQL(
                        "CREATE TABLE {} PARTITION OF levier_activity FOR VALUES FROM ({}) TO ({})"
                    ).format(Identifier(name), first, following)
                )
                made.append(name)
            first = following
    return made
