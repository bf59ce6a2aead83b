"""Everything that happened between a person and the organisation, the latest first."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.person import Person


def cards_of(person: Person) -> list[int]:
    """The ids a person was known by: their own, and those of cards merged into theirs."""
    merged = Person.objects.filter(merged_into=person.pk).values_list("pk", flat=True)
    return [person.pk, *merged]


def activities_of(person_ids: list[int], cursor: str = "") -> QuerySet[Activity]:
    """What happened, before what a cursor stands for."""
    found = Activity.objects.filter(person__in=person_ids).order_by("-at", "-id")
    mark = _opened(cursor)
    if mark is None:
        return found
    at, pk = mark
    return found.filter(Q(at__lte=at) & (Q(at__lt=at) | Q(id__lt=pk)))


def cursor_before(activity: Activity) -> str:
    """Where a page ends, to ask for what is older."""
    mark = f"{activity.at.isoformat()} {activity.id}"
    return urlsafe_b64encode(mark.encode()).decode().rstrip("=")


def _opened(cursor: str) -> tuple[datetime, int] | None:
    try:
        at, pk = urlsafe_b64decode(cursor[:120] + "=" * (-len(cursor) % 4)).decode().split(" ")
        moment, number = datetime.fromisoformat(at), int(pk)
        if moment.tzinfo is None or abs(number) >= 2**63:
            return None
        return moment.astimezone(UTC), number
    except (ValueError, OverflowError):
        return None
