"""What the desk lists of the news of a petition."""

from datetime import datetime

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.enums import WRITABLE, UpdateState
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update

DESK_WITH = ("update__author", "update__edited_by", "update__press_link", "update__milestone")
_FIRST = {
    UpdateState.IN_REVIEW: 0,
    UpdateState.DRAFT: 1,
    UpdateState.SENDING: 2,
    UpdateState.PAUSED: 2,
    UpdateState.SCHEDULED: 3,
}


def updates_of(petition: Petition) -> QuerySet[Ask]:
    """Every news of a petition with its ask (`ask.update`): what waits for a reader, drafts, what
    is leaving, what is planned, then what is over, the latest first."""
    order = Case(
        *(When(update__state=state, then=Value(place)) for state, place in _FIRST.items()),
        default=Value(4),
        output_field=IntegerField(),
    )
    return (
        Ask.objects.filter(update__petition=petition)
        .select_related(*DESK_WITH)
        .annotate(desk_place=order)
        .order_by("desk_place", F("update__release_at").desc(nulls_first=True), "-update")
    )


def last_published(petition: Petition) -> Update | None:
    """The last news that left, or is leaving."""
    published = Update.objects.filter(petition=petition, published_at__isnull=False)
    return published.order_by("published_at", "n").last()


def drafts_waiting(petition: Petition) -> QuerySet[Update]:
    """What is begun and not published, the latest change first."""
    return Update.objects.filter(petition=petition, state__in=WRITABLE).order_by("-edited_at")


def due_updates(*, now: datetime) -> QuerySet[Update]:
    """What should leave by now, the one that has waited longest first."""
    due = Update.objects.filter(state=UpdateState.SCHEDULED, release_at__lte=now)
    return due.order_by("release_at", "pk")


def leaving_updates() -> QuerySet[Update]:
    """What is being sent, the first that left first."""
    return Update.objects.filter(state=UpdateState.SENDING).order_by("release_at", "pk")
