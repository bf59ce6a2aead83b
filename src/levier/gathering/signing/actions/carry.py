"""Passing what a link brought on to the links above it (docs/decisions/70)."""

from collections.abc import Mapping
from heapq import heapify, heappop, heappush

from django.db import connection, transaction

from levier.foundation.people.models.activity import ActivityCursor
from levier.gathering.signing.models.journals import ReferralTally

READER = "signing.journals"
AT_ONCE = 2_000  # signatures that owe something
HIGHEST = 5 * AT_ONCE  # those and the ones above them: what one pass costs at most
_OWING = """
SELECT tally.signature, tally.owed FROM levier_referraltally AS tally
JOIN levier_journalline AS line USING (signature)
WHERE owed <> 0 ORDER BY tally.signature DESC LIMIT %(limit)s
"""
_ABOVE = """
WITH RECURSIVE above (signature, brought_by) AS (
    SELECT signature, brought_by FROM levier_journalline WHERE signature = ANY(%(owing)s)
    UNION
    SELECT line.signature, line.brought_by
    FROM above JOIN levier_journalline AS line ON line.signature = above.brought_by
    WHERE line.signature >= %(floor)s
)
SELECT signature, brought_by FROM above LIMIT %(limit)s
"""
_MOVE = """
WITH moved AS MATERIALIZED (
    SELECT * FROM unnest(%(signatures)s::bigint[], %(gained)s::int[], %(owed)s::int[])
        AS moved (signature, gained, owed)
), first_time AS (
    INSERT INTO levier_referraltally (signature, petition_id, direct, total, owed)
    SELECT signature, (
        SELECT petition_id FROM levier_journalline AS line
        WHERE line.brought_by = moved.signature LIMIT 1
    ), 0, gained, owed
    FROM moved WHERE NOT EXISTS (
        SELECT FROM levier_referraltally AS tally WHERE tally.signature = moved.signature
    )
)
UPDATE levier_referraltally AS tally
SET total = tally.total + moved.gained, owed = tally.owed + moved.owed
FROM moved WHERE moved.signature = tally.signature
"""


def alone() -> ActivityCursor:
    """The journals' place in the activities, locked: whoever writes there is alone until the
    transaction ends, and reads signatures younger than what the one before read."""
    ActivityCursor.objects.get_or_create(reader=READER)
    return ActivityCursor.objects.select_for_update().get(reader=READER)


def carry() -> int:
    """Pass on what is owed, from the youngest signature to the oldest, a bounded number at a time.

    A link is always older than those it brought: in that order each one passes on once, however
    deep the tree. What stays owed for the next pass stays counted. Returns how many passed on;
    writes nothing when nothing is owed.
    """
    return _carry() if ReferralTally.objects.exclude(owed=0).exists() else 0


@transaction.atomic
def _carry() -> int:
    alone()
    with connection.cursor() as cursor:
        cursor.execute(_OWING, {"limit": AT_ONCE})
        owing: dict[int, int] = dict(cursor.fetchall())
        if not owing:
            return 0
        # When some were left out, nobody older than all of these passes on before they have.
        floor = min(owing) if len(owing) == AT_ONCE else 0
        cursor.execute(_ABOVE, {"owing": list(owing), "floor": floor, "limit": HIGHEST})
        brought_by: dict[int, int | None] = dict(cursor.fetchall())
        gained, owed, passed = passed_on(owing, brought_by)
        moved = sorted(gained.keys() | owed.keys())
        cursor.execute(
            _MOVE,
            {
                "signatures": moved,
                "gained": [gained.get(pk, 0) for pk in moved],
                "owed": [owed.get(pk, 0) for pk in moved],
            },
        )
    return passed


def passed_on(
    owing: Mapping[int, int], brought_by: Mapping[int, int | None]
) -> tuple[dict[int, int], dict[int, int], int]:
    """What each gains, how what each owes changes, and how many passed on. Whoever is not in
    `brought_by` keeps what they owe for later."""
    due, gained, passed = dict(owing), dict[int, int](), 0
    heap = [-pk for pk in due]
    heapify(heap)
    while heap:
        pk = -heappop(heap)
        if pk not in brought_by or due[pk] == 0:
            continue
        passed += 1
        amount, due[pk] = due[pk], 0
        parent = brought_by[pk]
        if parent is not None:
            if due.get(parent, 0) == 0:
                heappush(heap, -parent)
            gained[parent] = gained.get(parent, 0) + amount
            due[parent] = due.get(parent, 0) + amount
    return gained, {pk: left - owing.get(pk, 0) for pk, left in due.items()}, passed
