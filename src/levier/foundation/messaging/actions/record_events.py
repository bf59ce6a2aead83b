"""What is told of deliveries after they left, written once (J24–J26).

The state of a delivery and of its address is worked out again from all that was ever told, under
the lock of the delivery: told twice, out of order, or before our own record, it ends the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from levier.foundation.messaging.enums import DeliveryState, EventKind
from levier.foundation.messaging.models.delivery import Delivery, DeliveryEvent
from levier.foundation.messaging.rules.notices import Notice
from levier.foundation.messaging.rules.outcomes import (
    NO_NEWS,
    Told,
    address_after,
    delivery_after,
)
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.suppressions import suppress
from levier.foundation.people.enums import (
    NOT_THEIRS,
    ActivityKind,
    ContactState,
    SuppressionReason,
)
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.rules import canonical_email

REASON_LENGTH = 300


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
        _mark(rows, new, now)
    return Recorded(new=len(new), again=len(ours) - len(new), strange=len(told) - len(ours))


def _locked(deliveries: set[int]) -> dict[int, Delivery]:
    """In the order of their numbers, as every writer takes them."""
    found = (
        Delivery.objects.select_for_update(of=("self",))
        .filter(pk__in=deliveries)
        .select_related("message__organisation")
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
            reply=one.reply[:REASON_LENGTH],
            at=one.at,
        )
        for one in new
    )


def _settle(rows: Mapping[int, Delivery], new: list[Notice]) -> None:
    """The state of each delivery, from all that was told of it."""
    told = _told(
        DeliveryEvent.objects.filter(delivery__in=rows).values_list("delivery", "kind", "at")
    )
    replies = {one.delivery: one.reply[:REASON_LENGTH] for one in new if one.reply}
    changed = []
    for pk, row in rows.items():
        state = delivery_after(told[pk], standing=row.state)
        if state == row.state:
            continue
        row.state, row.last_reply = state, replies.get(pk, row.last_reply)
        row.finished_at = row.finished_at or max(one.at for one in told[pk])
        changed.append(row)
    Delivery.objects.bulk_update(changed, ["state", "last_reply", "finished_at"], batch_size=500)


def _mark(rows: Mapping[int, Delivery], new: list[Notice], now: datetime) -> None:
    """The addresses concerned: the bounce belongs to the address, not to the person (J7)."""
    theirs = {row.contact_point_id for row in rows.values()}
    points = ContactPoint.objects.select_for_update(of=("self",)).filter(pk__in=theirs)
    told = _told(
        DeliveryEvent.objects.filter(delivery__contact_point__in=theirs).values_list(
            "delivery__contact_point", "kind", "at", "delivery"
        )
    )
    quiet = _quiet(theirs, now)
    fresh: dict[int, dict[str, Notice]] = defaultdict(dict)
    for one in new:
        fresh[rows[one.delivery].contact_point_id].setdefault(one.kind, one)
    for point in points.select_related("organisation").order_by("pk"):
        news = fresh[point.pk]
        state, reason = address_after(
            told[point.pk],
            fresh=news,
            quiet=quiet.get(point.pk),
            standing=point.state,
            reason=point.state_reason,
        )
        _change(point, state, reason if reason is not None else _said(news, state), now)
        _tell(point, news, rows, now)


def _quiet(points: set[int], now: datetime) -> dict[int, datetime]:
    """When a mail to each was last handed over and nothing bad came back for five days."""
    silent = Delivery.objects.filter(
        contact_point__in=points, state=DeliveryState.HANDED, finished_at__lt=now - NO_NEWS
    )
    grouped = silent.values("contact_point").annotate(last=Max("finished_at"))
    return dict(grouped.values_list("contact_point", "last"))


def _said(news: Mapping[str, Notice], state: str) -> str:
    """The words that made the address what it is."""
    kinds = {
        ContactState.COMPLAINT: EventKind.COMPLAINT,
        ContactState.HARD: EventKind.HARD_BOUNCE,
        ContactState.SOFT: EventKind.SOFT_BOUNCE,
    }
    found = news.get(kinds[ContactState(state)]) if state in kinds else None
    return found.reply[:REASON_LENGTH] if found else ""


def _change(point: ContactPoint, state: str, reason: str, now: datetime) -> None:
    if state == point.state:
        return
    was, point.state, point.state_reason = point.state, state, reason
    point.save(update_fields=["state", "state_reason"])
    if state == ContactState.HARD and was != ContactState.HARD:
        _activity(point, ActivityKind.BOUNCED, {"reply": reason}, now)


def _tell(
    point: ContactPoint,
    news: Mapping[str, Notice],
    rows: Mapping[int, Delivery],
    now: datetime,
) -> None:
    """A complaint is a refusal of everything, whoever the address belongs to by now."""
    complaint = news.get(EventKind.COMPLAINT)
    if complaint is None:
        return
    theirs = point.state in NOT_THEIRS
    suppress(
        organisation=point.organisation,
        channel=point.channel,
        canonical=canonical_email(point.typed) if theirs else point.canonical,
        reason=SuppressionReason.COMPLAINT,
        now=now,
    )
    source = rows[complaint.delivery].source
    _activity(point, ActivityKind.COMPLAINED, {"source": source}, now)


def _activity(point: ContactPoint, kind: str, data: dict[str, str], now: datetime) -> None:
    record_activity(
        organisation_id=point.organisation_id,
        person_id=point.person_id,
        kind=kind,
        subject=f"contact:{point.pk}",
        at=now,
        data=data,
    )


def _told(rows: Iterable[tuple[int, str, datetime, int]]) -> dict[int, list[Told]]:
    """Grouped by what comes first: (group, kind, at, delivery)."""
    found: dict[int, list[Told]] = defaultdict(list)
    for group, kind, at, delivery in rows:
        found[group].append(Told(delivery=delivery, kind=kind, at=at))
    return found
