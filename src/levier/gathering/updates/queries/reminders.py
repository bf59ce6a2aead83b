"""Whom an event is remembered to, the day before."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from levier.gathering.updates.enums import Answer, AskKind
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response

FROM_HOUR = 10  # the day before, in the hours of the event
LONGEST = timedelta(hours=48)  # from ten o’clock the day before to the last minute of the day


def events_to_remember(*, now: datetime) -> list[tuple[Ask, datetime]]:
    """The events of tomorrow, or of later today, and since when they are to be remembered."""
    asks = Ask.objects.select_related("update__petition__campaign__organisation").filter(
        kind=AskKind.ATTEND,
        event_cancelled_at=None,
        starts_at__gt=now,
        starts_at__lte=now + LONGEST,
        update__published_at__isnull=False,
    )
    found = [
        (ask, _since(ask.starts_at.astimezone(ZoneInfo(ask.zone))))
        for ask in asks.order_by("starts_at", "pk")
        if ask.starts_at is not None
    ]
    return [(ask, since) for ask, since in found if since <= now]


def to_remember(ask: Ask, *, since: datetime) -> QuerySet[Response]:
    """Who has a place, and did not say so after the hour of the reminder: they know."""
    return Response.objects.filter(
        ask=ask, kind=Answer.YES, waiting_since=None, changed_at__lt=since
    )


def _since(starts: datetime) -> datetime:
    return (starts - timedelta(days=1)).replace(hour=FROM_HOUR, minute=0, second=0, microsecond=0)
