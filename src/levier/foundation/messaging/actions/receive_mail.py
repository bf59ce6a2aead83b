"""A mail that came back to us, from a mailbox or a pipe."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from levier.foundation.common.tokens import BadToken
from levier.foundation.messaging.actions.record_events import record_events
from levier.foundation.messaging.actions.unsubscribe import unsubscribe
from levier.foundation.messaging.rules.addresses import unsubscription_in
from levier.foundation.messaging.rules.reports import read_returned


class Received(StrEnum):
    """What became of a mail; said by the command, counted by the mailbox."""

    RECORDED = "recorded"  # a notice, new or already known
    STRANGE = "strange"  # a notice of a delivery that is not here
    LEFT = "left"  # somebody unsubscribed
    NOTHING = "nothing"  # an automatic answer, a delay
    UNREADABLE = "unreadable"  # left for a person


@transaction.atomic
def receive_mail(*, raw: bytes, recipient: str = "", now: datetime) -> Received:
    """Write down what a returned mail says. The same mail twice is the same as once."""
    read = read_returned(raw, recipient=recipient, now=now)
    if read.leaving:
        return _leave(read.leaving, now)
    if not read.notices:
        return Received.NOTHING if read.understood else Received.UNREADABLE
    done = record_events(notices=read.notices, now=now)
    return Received.STRANGE if done.strange else Received.RECORDED


def _leave(token: str, now: datetime) -> Received:
    try:
        asked = unsubscription_in(token, now=now)
    except BadToken:
        return Received.UNREADABLE
    unsubscribe(
        person=asked.person,
        purpose=asked.purpose,
        scope=asked.scope,
        message=asked.message,
        now=now,
    )
    return Received.LEFT
