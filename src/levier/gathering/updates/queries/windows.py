"""The twenty-four hours between two news of one petition (U16): who holds them, what is free.

Hours are counted in UTC: Python's own sums within one time zone are those of the clock on the
wall, where a day may have 23 hours or 25 (U18).
"""

from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.enums import HOLDS_WINDOW
from levier.gathering.updates.models.update import Update

APART = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
# The same as the database's guard (levier_holds_window).
HOLDING = Q(state__in=HOLDS_WINDOW) | Q(first_sent_at__isnull=False)


def holders(petition: Petition, *, but: Update | None = None) -> QuerySet[Update]:
    """The news that keep a window for themselves, the earliest first; `but` is the one to move."""
    held = Update.objects.filter(HOLDING, petition=petition, release_at__isnull=False)
    others = held.exclude(pk=but.pk) if but else held
    return others.order_by("release_at")


def in_the_way(petition: Petition, at: datetime, *, but: Update | None = None) -> Update | None:
    """The news too near to that hour, before it or after it (U19); the latest of two."""
    at = at.astimezone(UTC)
    near = holders(petition, but=but).filter(release_at__gt=at - APART, release_at__lt=at + APART)
    return near.last()


def next_window(petition: Petition, *, now: datetime, but: Update | None = None) -> datetime | None:
    """The next hour at which one more may leave, a whole minute; None when it is now."""
    at = now = now.astimezone(UTC)
    for held in holders(petition, but=but).filter(release_at__gt=now - APART):
        release_at = held.release_at or at
        if at <= release_at - APART:
            break
        at = max(at, _next_minute(release_at + APART))
    return None if at == now else at


def _next_minute(at: datetime) -> datetime:
    """The same, or the beginning of the following minute: what is shown can be chosen."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + MINUTE
