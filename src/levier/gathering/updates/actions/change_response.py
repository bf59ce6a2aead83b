from datetime import datetime

from django.db import transaction

from levier.foundation.people.models.person import Person
from levier.gathering.updates.actions.answering import locked
from levier.gathering.updates.enums import Answer
from levier.gathering.updates.errors import NothingOfTheirs
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.queries.responses import response_of


@transaction.atomic
def change_response(
    *,
    ask_id: int,
    person: Person,
    for_page: bool,
    for_press: bool,
    for_dossier: bool,
    show_name: bool,
    now: datetime,
) -> Response:
    """Change what one's words may serve for, at any time, the ask closed or not (U50, U51). The
    words stay as they were read by the team. Raises NothingOfTheirs."""
    ask = locked(ask_id)
    response = response_of(ask, person)
    if response is None or response.kind != Answer.TEXT:
        raise NothingOfTheirs
    response.for_page, response.show_name = for_page, show_name
    response.for_press, response.for_dossier = for_press, for_dossier
    response.changed_at = now
    response.save(update_fields=["for_page", "for_press", "for_dossier", "show_name", "changed_at"])
    return response
