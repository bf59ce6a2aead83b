from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from levier.gathering.updates.actions.answering import fill_places, forget_photo, locked
from levier.gathering.updates.mails import responders
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.response_use import ResponseUse
from levier.gathering.updates.rules.answering import closing_of

AT_ONCE = 500


@transaction.atomic
def forget_answers(*, people: Collection[int], now: datetime) -> int:
    """Delete what these people answered. The figures of asks, which name nobody, stay; a place
    goes to the first who waits. Returns how many answers."""
    theirs = Response.objects.filter(person__in=people)
    asks = sorted(set(theirs.values_list("ask", flat=True)))
    forgotten = 0
    for pk in asks:
        ask = locked(pk)
        mine = theirs.filter(ask=ask)
        photos = set(mine.exclude(photo="").values_list("photo", flat=True))
        forgotten += mine.delete()[0]
        for photo in photos:
            forget_photo(photo)
        if not closing_of(ask, ask.update.petition, now=now).is_closed:
            responders.place_freed(ask=ask, responses=fill_places(ask), now=now)
    ResponseUse.objects.filter(person__in=people).delete()
    return forgotten


def forget_erased(*, now: datetime) -> int:
    """The same for people erased by whatever way. A page; call again while it is full."""
    erased = Response.objects.filter(person__erased_at__isnull=False).values_list(
        "person", flat=True
    )
    people = list(erased.order_by("person").distinct()[:AT_ONCE])
    return forget_answers(people=people, now=now) if people else 0
