from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from levier.foundation.messaging.enums import Lane
from levier.foundation.messaging.models.pressure import ContactPolicy, Pressure
from levier.foundation.messaging.queries.due import Due
from levier.foundation.people.enums import Channel

DEFAULT_CAP = 7  # what pressure falls by where there is no cap to say it

# In the order of people: two senders that press the same ones wait, and never for each other.
_PRESS = """
INSERT INTO levier_pressure AS known (person_id, channel, level, at)
SELECT person, 'email', n, %(now)s FROM unnest(%(people)s::bigint[], %(times)s::float8[])
    AS reader (person, n)
ORDER BY person
ON CONFLICT (person_id, channel) DO UPDATE SET at = greatest(known.at, excluded.at),
    level = greatest(0, known.level - %(fall)s * greatest(
        0, extract(epoch FROM excluded.at - known.at))) + excluded.level
WHERE %(cap)s::float8 IS NULL OR greatest(0, known.level - %(fall)s * greatest(
        0, extract(epoch FROM excluded.at - known.at))) + excluded.level <= %(cap)s + 0.000001
RETURNING person_id
"""


def press(
    *, rows: Iterable[Due], lane: str, policy: ContactPolicy, now: datetime
) -> dict[int, datetime]:
    """Count one more mail for each reader, where the cap leaves room for it (J43, J44).

    Returns those it holds back: person → when there is room again. What answers a gesture always
    passes, and counts (J45). The readers of one organisation, whose policy it is.
    """
    times = Counter(row.card for row in rows if not row.counted)
    capped = lane != Lane.TRANSACTIONAL and policy.cap is not None
    values: dict[str, Any] = {
        "now": now,
        "people": list(times),
        "times": list(times.values()),
        "fall": fall(policy),
        "cap": policy.cap if capped else None,
    }
    if not times:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PRESS, values)
        pressed = {person for (person,) in cursor.fetchall()}
    return _room_again(times.keys() - pressed, policy, now)


def fall(policy: ContactPolicy) -> float:
    """How much pressure falls in a second."""
    return (policy.cap or DEFAULT_CAP) / policy.period.total_seconds()


def _room_again(people: set[int], policy: ContactPolicy, now: datetime) -> dict[int, datetime]:
    if not people:
        return {}
    found = {}
    for one in Pressure.objects.filter(person__in=people, channel=Channel.EMAIL):
        elapsed = max((now - one.at).total_seconds(), 0)
        level = max(one.level - fall(policy) * elapsed, 0)
        missing = max(level + 1 - (policy.cap or 0), 0)
        found[one.person_id] = now + timedelta(seconds=missing / fall(policy) + 1)
    return found
