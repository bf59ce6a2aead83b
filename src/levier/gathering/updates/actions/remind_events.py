from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from levier.foundation.messaging.models.delivery import Delivery
from levier.gathering.updates.mails import responders
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.queries.reminders import events_to_remember, to_remember

PAGE = 500


def remind_events(*, now: datetime) -> int:
    """Remember the events of tomorrow to who has a place there, once for each date. Returns how
    many people; safe to run twice."""
    return sum(_remind(ask=ask, since=since, now=now) for ask, since in events_to_remember(now=now))


def _remind(*, ask: Ask, since: datetime, now: datetime) -> int:
    mailed = Delivery.objects.filter(
        source=responders.source_of("event_reminder", ask),
        person=OuterRef("person"),
        ordinal=ask.sequence,
    )
    due = to_remember(ask, since=since).filter(~Exists(mailed)).order_by("pk")
    told, after = 0, 0
    while page := list(due.filter(pk__gt=after)[:PAGE]):
        told += _remind_page(ask=ask, page=page, now=now)
        after = page[-1].pk
    return told


@transaction.atomic
def _remind_page(*, ask: Ask, page: list[Response], now: datetime) -> int:
    signed = responders.signed(ask, page)
    responders.event_reminder(told=signed, now=now)
    return len(signed)
