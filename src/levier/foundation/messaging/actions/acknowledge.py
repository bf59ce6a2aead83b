import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from levier.foundation.messaging.actions.learn import REPLY_LENGTH, learn
from levier.foundation.messaging.enums import AT_LEAST_ONCE, DeliveryState, Hold, MessageState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.queries.due import Due
from levier.foundation.messaging.rules.replies import Verdict, retry_delay

MOST_POLICY = 5  # refusals on principle of one mail, while others pass
LATER = {Verdict.RETRY, Verdict.DOMAIN, Verdict.ROUTE, Verdict.POLICY}
ENDS = {
    Verdict.HANDED: DeliveryState.HANDED,
    Verdict.DEAD_ADDRESS: DeliveryState.BOUNCED,
    Verdict.FULL_MAILBOX: DeliveryState.BOUNCED,
    Verdict.REFUSED: DeliveryState.FAILED,
    Verdict.BROKEN: DeliveryState.FAILED,
}

# A claim that was given back, by a lease that seemed dead, is still this worker's to close with
# the truth, as long as nobody else has taken it.
_WRITE = """
UPDATE levier_delivery AS d
SET state = o.state, attempts = d.attempts + o.attempts, last_reply = o.reply,
    held_for = o.hold, not_before = coalesce(o.not_before, d.not_before),
    finished_at = o.finished_at
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::text[], %s::timestamptz[],
    %s::timestamptz[]) AS o (id, state, attempts, reply, hold, not_before, finished_at)
WHERE d.id = o.id AND d.claimed_by = %s
  AND (d.state IN ('claimed', 'unknown') OR (d.state = 'queued' AND o.finished_at IS NOT NULL))
RETURNING d.id
"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one claimed delivery."""

    delivery: Due | Delivery
    verdict: Verdict
    reply: str = ""


@dataclass(frozen=True, kw_only=True)
class _End:
    """What is written of one delivery."""

    state: str
    attempts: int
    reply: str
    hold: str = Hold.NONE
    not_before: datetime | None = None
    finished_at: datetime | None = None


@transaction.atomic
def acknowledge(*, worker: uuid.UUID, outcomes: Iterable[Outcome], now: datetime) -> int:
    """Write down what became of deliveries this worker claimed, in one statement. Returns how
    many were still its own to write.

    What it says of addresses and of domains is written in the same transaction. What comes back
    of a message that was cancelled meanwhile is not sent (U29).
    """
    told = {one.delivery.pk: one for one in outcomes}
    if not told:
        return 0
    ends = {pk: _end(one, now) for pk, one in told.items()}
    for pk in _of_cancelled(told, ends):
        ends[pk] = _End(
            state=DeliveryState.CANCELLED,
            attempts=ends[pk].attempts,
            reply=ends[pk].reply,
            finished_at=now,
        )
    columns = zip(
        *(
            (pk, end.state, end.attempts, end.reply, end.hold, end.not_before, end.finished_at)
            for pk, end in sorted(ends.items())
        ),
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*map(list, columns), worker])
        written = {pk for (pk,) in cursor.fetchall()}
    learn(
        [(one.delivery, one.verdict, one.reply) for pk, one in told.items() if pk in written], now
    )
    return len(written)


def _end(one: Outcome, now: datetime) -> _End:
    row, reply = one.delivery, one.reply[:REPLY_LENGTH]
    queued = DeliveryState.QUEUED
    if one.verdict is Verdict.UNSENT:
        return _End(state=queued, attempts=0, reply=row.last_reply)
    if one.verdict is Verdict.POLICY and row.attempts + 1 >= MOST_POLICY:
        return _End(state=DeliveryState.FAILED, attempts=1, reply=reply, finished_at=now)
    again = one.verdict in LATER
    if again or (one.verdict is Verdict.LOST and row.lane in AT_LEAST_ONCE):
        later = now + retry_delay(row.attempts)
        return _End(state=queued, attempts=1, reply=reply, hold=Hold.SERVER, not_before=later)
    if one.verdict is Verdict.LOST:
        return _End(state=DeliveryState.UNKNOWN, attempts=1, reply=reply, finished_at=now)
    return _End(state=ENDS[one.verdict], attempts=1, reply=reply, finished_at=now)


def _of_cancelled(told: dict[int, Outcome], ends: dict[int, _End]) -> list[int]:
    """Deliveries that would go back to a queue that is closed."""
    back = {
        pk: told[pk].delivery.message.pk
        for pk, end in ends.items()
        if end.state == DeliveryState.QUEUED and told[pk].delivery.lane not in AT_LEAST_ONCE
    }
    if not back:
        return []
    over = Message.objects.filter(pk__in=set(back.values()), state=MessageState.CANCELLED)
    closed = set(over.values_list("pk", flat=True))
    return [pk for pk, message in back.items() if message in closed]
