from datetime import datetime

from django.db import transaction

from levier.foundation.people.models.person import Person
from levier.gathering.updates.actions.answering import (
    fill_places,
    forget_photo,
    locked,
    recount,
    tell,
)
from levier.gathering.updates.mails import responders
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.response_use import ResponseUse
from levier.gathering.updates.queries.responses import response_of
from levier.gathering.updates.rules.answering import closing_of


@transaction.atomic
def withdraw_response(*, ask_id: int, person: Person, now: datetime) -> bool:
    """Take one's answer back, at any time, the ask closed or not (U51): nothing of it stays.

    A place goes to the first who waits. Where the words were put already is listed to the team.
    Returns whether there was something to take back; twice is the same as once.
    """
    ask = locked(ask_id)
    response = response_of(ask, person)
    if response is None:
        return False
    _note_uses(response, now)
    response.delete()
    recount(ask, response.kind, "")
    forget_photo(response.photo)
    tell(ask, person.pk, now, {"kind": response.kind, "taken_back": True})
    if not closing_of(ask, ask.update.petition, now=now).is_closed:
        responders.place_freed(ask=ask, responses=fill_places(ask), now=now)
    return True


def _note_uses(response: Response, now: datetime) -> None:
    uses = ResponseUse.objects.filter(ask=response.ask_id, person=response.person_id)
    uses.filter(taken_back_at=None).update(taken_back_at=now)
