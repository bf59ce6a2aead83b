from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from levier.foundation.messaging.enums import AT_LEAST_ONCE

GRACE = timedelta(seconds=10)  # a worker that lost its database takes its mark back meanwhile
# And for what must not leave twice: its machine starts again and replays its journal meanwhile.
JOURNAL_GRACE = timedelta(minutes=10)

#: The advisory lock a living worker holds: the first 64 bits of its UUID.
PRESENCE_KEY = "('x' || left(replace({}::text, '-', ''), 16))::bit(64)::bigint"

_RELEASE = f"""
UPDATE levier_delivery AS d
SET state = CASE WHEN lane = ANY (%s) THEN 'queued' ELSE 'unknown' END,
    finished_at = CASE WHEN lane = ANY (%s) THEN NULL ELSE %s::timestamptz END
WHERE state = 'claimed' AND claimed_at < CASE WHEN lane = ANY (%s) THEN %s ELSE %s END
AND NOT EXISTS (
    SELECT FROM pg_locks AS l JOIN pg_database AS b ON b.oid = l.database
    WHERE l.locktype = 'advisory' AND l.granted AND b.datname = current_database()
      AND (l.classid::bigint << 32) | l.objid::bigint = {PRESENCE_KEY.format("d.claimed_by")}
)
"""  # noqa: S608 - no value inside


@transaction.atomic
def release_dead_claims(*, now: datetime) -> int:
    """Give back what workers that are no more had claimed. Returns how many.

    A transactional delivery is sent again, with the same Message-ID; any other, whose journal did
    not come back with its machine, becomes UNKNOWN and waits for a person (J13).
    """
    again = list(AT_LEAST_ONCE)
    with connection.cursor() as cursor:
        grace: list[Any] = [again, now - GRACE, now - JOURNAL_GRACE]
        cursor.execute(_RELEASE, [again, again, now, *grace])
        return int(cursor.rowcount)
