from datetime import datetime

from django.db.models import Count, Q, QuerySet

from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.models.person import Person


def due_count(*, lane: str, now: datetime, at_most: int) -> int:
    """How many deliveries of a lane could be claimed now, counted up to `at_most`."""
    due = Delivery.objects.filter(lane=lane, state=DeliveryState.QUEUED, not_before__lte=now)
    return due[:at_most].count()


def pending_by_lane() -> dict[str, int]:
    """Deliveries that wait, by lane; a lane with none is absent."""
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED)
    return dict(waiting.values_list("lane").annotate(n=Count("pk")).order_by("lane"))


def history_of(person: Person) -> QuerySet[Delivery]:
    """What was sent to a person, or was to be, the latest first; under whichever card."""
    return (
        Delivery.objects.filter(Q(person=person) | Q(person__merged_into=person))
        .select_related("message__template", "contact_point")
        .order_by("-created_at", "-pk")
    )
