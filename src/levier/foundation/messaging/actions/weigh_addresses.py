"""What an address is worth, from all that was told of the mails it was sent (J7, J25)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Max

from levier.foundation.messaging.enums import DeliveryState, EventKind
from levier.foundation.messaging.models.delivery import Delivery, DeliveryEvent
from levier.foundation.messaging.rules.outcomes import NO_NEWS, Told, address_after
from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.enums import ActivityKind, ContactState
from levier.foundation.people.models.person import ContactPoint

REASON_LENGTH = 300
Fresh = Mapping[int, Mapping[str, str]]  # contact point id → kind just told → the server's words
MADE_BY = {
    ContactState.COMPLAINT: EventKind.COMPLAINT,
    ContactState.HARD: EventKind.HARD_BOUNCE,
    ContactState.SOFT: EventKind.SOFT_BOUNCE,
}


def weigh_addresses(*, fresh: Fresh, now: datetime) -> None:
    """Mark each address by what was ever told of it, events just written included; one that dies
    is told as an activity. A few statements, whatever the number of addresses."""
    found = ContactPoint.objects.select_for_update(of=("self",)).filter(pk__in=fresh)
    points = list(found.order_by("pk"))
    events = DeliveryEvent.objects.filter(delivery__contact_point__in=points)
    told = told_by_group(events.values_list("delivery__contact_point", "kind", "at", "delivery_id"))
    quiet = _quiet(points, now)
    changed, died = [], []
    for point in points:
        state, reason = address_after(
            told[point.pk],
            fresh=fresh[point.pk],
            quiet=quiet.get(point.pk),
            standing=point.state,
            reason=point.state_reason,
        )
        if state != point.state:
            if state == ContactState.HARD:
                died.append(point)
            said = fresh[point.pk].get(MADE_BY.get(ContactState(state), ""), "")
            point.state_reason = said[:REASON_LENGTH] if reason is None else reason
            point.state = state
            changed.append(point)
    ContactPoint.objects.bulk_update(changed, ["state", "state_reason"], batch_size=500)
    _tell(died, now)


def told_by_group(rows: Iterable[tuple[int, str, datetime, int]]) -> dict[int, list[Told]]:
    """Grouped by what comes first: (group, kind, at, delivery)."""
    found: dict[int, list[Told]] = defaultdict(list)
    for group, kind, at, delivery in rows:
        found[group].append(Told(delivery=delivery, kind=kind, at=at))
    return found


def _quiet(points: list[ContactPoint], now: datetime) -> dict[int, datetime]:
    """When a mail to each was last handed over and nothing bad came back for five days."""
    silent = Delivery.objects.filter(
        contact_point__in=points, state=DeliveryState.HANDED, finished_at__lt=now - NO_NEWS
    )
    grouped = silent.values("contact_point").annotate(last=Max("finished_at"))
    return dict(grouped.values_list("contact_point", "last"))


def _tell(died: list[ContactPoint], now: datetime) -> None:
    groups: dict[int, list[tuple[int | None, str, dict[str, object] | None]]] = defaultdict(list)
    for point in died:
        said: dict[str, object] = {"reply": point.state_reason}
        groups[point.organisation_id].append((point.person_id, f"contact:{point.pk}", said))
    for organisation, rows in groups.items():
        record_activities(
            organisation_id=organisation, kind=ActivityKind.BOUNCED, at=now, rows=rows
        )
