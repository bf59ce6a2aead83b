from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from levier.gathering.signing.enums import STANDING
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.actions.answering import (
    fill_places,
    forget_photo,
    is_full,
    locked,
    recount,
    tell,
)
from levier.gathering.updates.enums import Answer, AskKind, ResponseState
from levier.gathering.updates.errors import AskClosed, NotASignatory
from levier.gathering.updates.mails import responders
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.queries.responses import response_of
from levier.gathering.updates.rules.answering import ANSWERS, closing_of

WRITTEN = ("words", "contact", "photo")  # read by the team again when they change


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody answers, as a form made it clean."""

    kind: Answer
    words: str = ""
    contact: str = ""
    photo: str = ""
    call_result: str = ""
    for_page: bool = False
    for_press: bool = False
    for_dossier: bool = False
    show_name: bool = False


@transaction.atomic
def respond(*, ask_id: int, signature: Signature, said: Said, now: datetime) -> Response:
    """Record what a signatory answers: one answer each, the last one stands (U39).

    The same again changes nothing and writes to nobody. Raises AskClosed, NotASignatory, and
    ValueError for an answer that this ask does not take.
    """
    ask = locked(ask_id)
    if said.kind not in ANSWERS[ask.kind]:
        raise ValueError(said.kind)
    closing = closing_of(ask, ask.update.petition, now=now)
    if closing.is_closed:
        raise AskClosed(closing.since)
    if signature.person is None or signature.state not in STANDING:
        raise NotASignatory
    old = response_of(ask, signature.person)
    prepares = said.kind == Answer.STARTED and not said.call_result
    if old is not None and old.kind == Answer.DONE and prepares:
        return old  # to prepare again what is done does not undo it
    fields = _fields(ask, old, said, now)
    if old is not None and all(getattr(old, name) == value for name, value in fields.items()):
        return old
    return _recorded(ask, signature, old, fields, now)


def _fields(ask: Ask, old: Response | None, said: Said, now: datetime) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "kind": said.kind.value,
        # A letter is kept for as long as it waits to leave, no longer.
        "words": "" if said.kind == Answer.DONE else said.words,
        "contact": said.contact,
        "photo": said.photo,
        "call_result": said.call_result,
        "for_page": said.for_page,
        "for_press": said.for_press,
        "for_dossier": said.for_dossier,
        "show_name": said.show_name,
    }
    if said.kind == Answer.YES and old is not None and old.kind == Answer.YES:
        return {**fields, "waiting_since": old.waiting_since}
    waits = said.kind == Answer.YES and is_full(ask)
    return {**fields, "waiting_since": now if waits else None}


def _recorded(
    ask: Ask, signature: Signature, old: Response | None, fields: dict[str, Any], now: datetime
) -> Response:
    before, photo = (old.kind, old.photo) if old else ("", "")
    was_in = old is not None and old.kind == Answer.YES and old.waiting_since is None
    rewritten = old is None or any(getattr(old, name) != fields[name] for name in WRITTEN)
    response = old or Response(ask=ask, person=signature.person, at=now)
    for name, value in fields.items():
        setattr(response, name, value)
    if rewritten:
        response.state, response.handled_at, response.handled_by = ResponseState.WAITING, None, None
        response.useful, response.contact_used_at = False, None
    response.ask, response.changed_at = ask, now
    response.save()
    recount(ask, before, response.kind)
    tell(ask, response.person_id, now, {"kind": response.kind})
    if photo != response.photo:
        forget_photo(photo)
    if was_in and response.kind != Answer.YES:
        responders.place_freed(ask=ask, responses=fill_places(ask), now=now)
    _answer_back(ask, signature, response, before, rewritten, now)
    return response


def _answer_back(
    ask: Ask, signature: Signature, response: Response, before: str, rewritten: bool, now: datetime
) -> None:
    """By mail, where there is something to keep: a place, or how to take words back."""
    if response.kind == Answer.YES and before != Answer.YES:
        responders.place_given(response=response, signature=signature, now=now)
    if ask.kind == AskKind.TESTIFY and rewritten:
        responders.testimony_received(response=response, signature=signature, now=now)
