import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from levier.foundation.messaging.enums import AT_LEAST_ONCE, DeliveryState, EventKind
from levier.foundation.messaging.models.delivery import Delivery, DeliveryEvent
from levier.foundation.messaging.rules.replies import Verdict, retry_delay
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import REACHABLE, ActivityKind, ContactState
from levier.foundation.people.models.person import ContactPoint

PROVIDER = "smtp"
REPLY_LENGTH = 300
LATER = {Verdict.RETRY, Verdict.ROUTE}
ENDS = {
    Verdict.HANDED: DeliveryState.HANDED,
    Verdict.DEAD_ADDRESS: DeliveryState.BOUNCED,
    Verdict.FULL_MAILBOX: DeliveryState.BOUNCED,
    Verdict.REFUSED: DeliveryState.FAILED,
    Verdict.BROKEN: DeliveryState.FAILED,
}
EVENTS = {
    Verdict.DEAD_ADDRESS: EventKind.HARD_BOUNCE,
    Verdict.FULL_MAILBOX: EventKind.SOFT_BOUNCE,
    Verdict.REFUSED: EventKind.REJECTED,
}
MARKS = {
    Verdict.DEAD_ADDRESS: ContactState.HARD,
    Verdict.FULL_MAILBOX: ContactState.SOFT,
}

# One that waits, was replaced or blocked is not made reachable by a reply.
MARKABLE = REACHABLE | {ContactState.HARD}

# A claim that was given back, by a lease that seemed dead, is still this worker's to close with
# the truth, as long as nobody else has taken it.
_WRITE = """
UPDATE levier_delivery AS d
SET state = o.state, attempts = d.attempts + o.attempts, last_reply = o.reply,
    not_before = coalesce(o.not_before, d.not_before), finished_at = o.finished_at
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::timestamptz[], %s::timestamptz[])
     AS o (id, state, attempts, reply, not_before, finished_at)
WHERE d.id = o.id AND d.claimed_by = %s
  AND (d.state IN ('claimed', 'unknown') OR (d.state = 'queued' AND o.finished_at IS NOT NULL))
RETURNING d.id
"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one claimed delivery."""

    delivery: Delivery
    verdict: Verdict
    reply: str = ""


@transaction.atomic
def acknowledge(*, worker: uuid.UUID, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Write down what became of deliveries this worker claimed, in one statement.

    A dead address is marked and told as an activity, in the same transaction (J7, P35).
    """
    told = list(outcomes)
    rows = [_row(outcome, now) for outcome in told]
    columns = [list(column) for column in zip(*rows, strict=True)]
    if not columns:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*columns, worker])
        written = {pk for (pk,) in cursor.fetchall()}
    for outcome in told:
        if outcome.delivery.pk in written and outcome.verdict in EVENTS:
            _record_event(outcome, now)


def _row(
    outcome: Outcome, now: datetime
) -> tuple[int, str, int, str, datetime | None, datetime | None]:
    """(id, state, attempts to add, reply, not before, finished)."""
    row, reply = outcome.delivery, outcome.reply[:REPLY_LENGTH]
    if outcome.verdict in LATER:
        later = now + retry_delay(row.attempts)
        return row.pk, DeliveryState.QUEUED, 1, reply, later, None
    if outcome.verdict is Verdict.UNSENT:
        return row.pk, DeliveryState.QUEUED, 0, row.last_reply, None, None
    if outcome.verdict is Verdict.LOST:
        if row.lane in AT_LEAST_ONCE:
            return row.pk, DeliveryState.QUEUED, 1, reply, now + retry_delay(row.attempts), None
        return row.pk, DeliveryState.UNKNOWN, 1, reply, None, now
    return row.pk, ENDS[outcome.verdict], 1, reply, None, now


def _record_event(outcome: Outcome, now: datetime) -> None:
    row, reply = outcome.delivery, outcome.reply[:REPLY_LENGTH]
    DeliveryEvent.objects.bulk_create(
        [
            DeliveryEvent(
                provider=PROVIDER,
                event_id=f"{row.pk}:{row.attempts + 1}",
                delivery=row,
                kind=EVENTS[outcome.verdict],
                reply=reply,
                at=now,
            )
        ],
        ignore_conflicts=True,
    )
    if outcome.verdict in MARKS:
        theirs = ContactPoint.objects.filter(pk=row.contact_point_id, state__in=MARKABLE)
        theirs.update(state=MARKS[outcome.verdict], state_reason=reply)
    if outcome.verdict is Verdict.DEAD_ADDRESS:
        record_activity(
            organisation_id=row.message.organisation_id,
            person_id=row.person_id,
            kind=ActivityKind.BOUNCED,
            subject=f"delivery:{row.pk}",
            at=now,
            data={"source": row.source, "reply": reply},
        )
