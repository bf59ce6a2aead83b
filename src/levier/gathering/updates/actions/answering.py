"""What answering and taking back share: the ask locked, its two figures, its places."""

from collections.abc import Mapping
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind
from levier.gathering.petitions.models.petition import Version
from levier.gathering.updates.enums import Answer
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.answering import WEIGHTS


def locked(ask: int) -> Ask:
    """The ask, ours until the transaction ends: its figures and places are counted one by one."""
    asks = Ask.objects.select_for_update(of=("self",), no_key=True)
    return asks.select_related("update__petition__campaign__organisation").get(pk=ask)


def recount(ask: Ask, before: str, after: str) -> None:
    """Move the two figures of a locked ask from one answer to another; "" is none."""
    was, now_is = WEIGHTS.get(before, (0, 0)), WEIGHTS.get(after, (0, 0))
    started, done = now_is[0] - was[0], now_is[1] - was[1]
    if started or done:
        Ask.objects.filter(pk=ask.pk).update(
            started=Greatest(F("started") + started, 0), done=Greatest(F("done") + done, 0)
        )


def is_full(ask: Ask) -> bool:
    """Whether a locked ask has no place left."""
    return ask.capacity is not None and _seated(ask) >= ask.capacity


def fill_places(ask: Ask) -> list[Response]:
    """Give the free places of a locked ask to the first who wait (U46). Returns who got one."""
    waiting = Response.objects.filter(ask=ask, kind=Answer.YES, waiting_since__isnull=False)
    first = waiting.order_by("waiting_since", "pk")
    if ask.capacity is not None:
        first = first[: max(ask.capacity - _seated(ask), 0)]
    lucky = list(first)
    Response.objects.filter(pk__in=[one.pk for one in lucky]).update(waiting_since=None)
    for one in lucky:
        one.waiting_since = None
    return lucky


def tell(ask: Ask, person: int, at: datetime, data: Mapping[str, str | bool]) -> None:
    """Write down that somebody answered, in the caller's transaction."""
    record_activity(
        organisation_id=ask.update.petition.campaign.organisation_id,
        person_id=person,
        kind=ActivityKind.ASK_ANSWERED,
        subject=f"ask:{ask.pk}",
        data=dict(data),
        at=at,
    )


def forget_photo(path: str) -> None:
    """Remove a picture's file once the commit is sure, unless something still shows it."""
    shown = (
        Response.objects.filter(photo=path).exists()
        or Update.objects.filter(photo=path).exists()
        or Version.objects.filter(image=path).exists()
    )
    if path and not shown:
        transaction.on_commit(lambda: default_storage.delete(path))


def _seated(ask: Ask) -> int:
    return Response.objects.filter(ask=ask, kind=Answer.YES, waiting_since=None).count()
