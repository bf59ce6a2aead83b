"""What is told of deliveries after they left, written once (J24–J26).

The state of a delivery and of its address is worked out again from all that was ever told, under
the lock of the delivery: told twice, out of order, or before our own record, it ends the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from levier.foundation.messaging.actions.learn import count_outcomes
from levier.foundation.messaging.actions.weigh_addresses import told_by_group, weigh_addresses
from levier.foundation.messaging.enums import DomainOutcome, EventKind
from levier.foundation.messaging.models.delivery import Delivery, DeliveryEvent
from levier.foundation.messaging.rules.notices import Notice
from levier.foundation.messaging.rules.outcomes import delivery_after
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.suppressions import suppress
from levier.foundation.people.enums import NOT_THEIRS, ActivityKind, SuppressionReason
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.rules import canonical_email

REPLY_LENGTH = 300
COUNTED = {
    EventKind.SOFT_BOUNCE: DomainOutcome.BOUNCED,
    EventKind.HARD_BOUNCE: DomainOutcome.BOUNCED,
    EventKind.REJECTED: DomainOutcome.REFUSED,
    EventKind.COMPLAINT: DomainOutcome.COMPLAINED,
}


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """How many notices were new, known already, or of deliveries that are not here."""

    new: int = 0
    again: int = 0
    strange: int = 0


def record_event(*, notice: Notice, now: datetime) -> Recorded:
    """The same as `record_events`, for one."""
    return record_events(notices=[notice], now=now)


@transaction.atomic
def record_events(*, notices: Iterable[Notice], now: datetime) -> Recorded:
    """Write down what was told; a notice of a delivery that is not here changes nothing (J26)."""
    told = {(one.provider, one.key): one for one in notices}
    rows = _locked({one.delivery for one in told.values()})
    known = set(DeliveryEvent.objects.filter(delivery__in=rows).values_list("provider", "event_id"))
    ours = {name: one for name, one in told.items() if one.delivery in rows}
    new = [one for name, one in ours.items() if name not in known]
    if new:
        _write(new)
        _settle(rows, new)
        weigh_addresses(fresh=_fresh(rows, new), now=now)
        _obey_complaints(rows, new, now)
        _count(rows, new, now)
    return Recorded(new=len(new), again=len(ours) - len(new), strange=len(told) - len(ours))


def _locked(deliveries: set[int]) -> dict[int, Delivery]:
    """In the order of their numbers, as every writer takes them."""
    found = (
        Delivery.objects.select_for_update(of=("self",))
        .filter(pk__in=deliveries)
        .select_related("message", "contact_point__organisation")
        .order_by("pk")
    )
    return {row.pk: row for row in found}


def _write(new: list[Notice]) -> None:
    DeliveryEvent.objects.bulk_create(
        DeliveryEvent(
            provider=one.provider,
            event_id=one.key,
            delivery_id=one.delivery,
            kind=one.kind,
            reply=one.reply[:REPLY_LENGTH],
            at=one.at,
        )
        for one in new
    )


def _settle(rows: Mapping[int, Delivery], new: list[Notice]) -> None:
    """The state of each delivery, from all that was told of it."""
    events = DeliveryEvent.objects.filter(delivery__in=rows)
    told = told_by_group(events.values_list("delivery", "kind", "at", "delivery_id"))
    replies = {one.delivery: one.reply[:REPLY_LENGTH] for one in new if one.reply}
    changed = []
    for pk, row in rows.items():
        state = delivery_after(told[pk], standing=row.state)
        if state == row.state:
            continue
        row.state, row.last_reply = state, replies.get(pk, row.last_reply)
        row.finished_at = row.finished_at or max(one.at for one in told[pk])
        changed.append(row)
    Delivery.objects.bulk_update(changed, ["state", "last_reply", "finished_at"], batch_size=500)


def _fresh(rows: Mapping[int, Delivery], new: list[Notice]) -> dict[int, dict[str, str]]:
    """What was just told, by address."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for one in new:
        found[rows[one.delivery].contact_point_id].setdefault(one.kind, one.reply)
    return found


def _obey_complaints(rows: Mapping[int, Delivery], new: list[Notice], now: datetime) -> None:
    """A complaint is a refusal of everything, whoever the address belongs to by now."""
    for one in new:
        if one.kind == EventKind.COMPLAINT:
            row = rows[one.delivery]
            point = row.contact_point
            suppress(
                organisation=point.organisation,
                channel=point.channel,
                canonical=_compared(point),
                reason=SuppressionReason.COMPLAINT,
                now=now,
            )
            record_activity(
                organisation_id=point.organisation_id,
                person_id=point.person_id,
                kind=ActivityKind.COMPLAINED,
                subject=f"contact:{point.pk}",
                at=now,
                data={"source": row.source},
            )


def _compared(point: ContactPoint) -> str:
    return canonical_email(point.typed) if point.state in NOT_THEIRS else point.canonical


def _count(rows: Mapping[int, Delivery], new: list[Notice], now: datetime) -> None:
    """The figures of the day, by domain; what arrived was counted when it was handed over."""
    told = [(rows[one.delivery], one) for one in new if one.kind in COUNTED]
    count_outcomes(
        [
            (row.message.organisation_id, row.domain, COUNTED[EventKind(one.kind)], one.reply)
            for row, one in told
        ],
        now=now,
    )
