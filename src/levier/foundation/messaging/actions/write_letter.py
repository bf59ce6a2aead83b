from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from levier.foundation.messaging.channels.mime import Letter, build
from levier.foundation.messaging.channels.mould import Mould
from levier.foundation.messaging.channels.smtp import Envelope
from levier.foundation.messaging.mails.compiled import compiled
from levier.foundation.messaging.mails.prepared import Prepared, prepared
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.queries.due import Due
from levier.foundation.messaging.rules.addresses import unsubscribe_link, unsubscribe_token
from levier.foundation.messaging.rules.identity import message_id
from levier.foundation.messaging.rules.mailboxes import mailbox
from levier.foundation.messaging.rules.providers import mail_provider, marking
from levier.foundation.messaging.rules.return_path import leaving_address, return_path
from levier.foundation.people.rules import scope_of


@dataclass(frozen=True, kw_only=True)
class _Press:
    """What all readers of a message with the same names of variables share, made once."""

    letter: Prepared
    mould: Mould
    sender: str
    reply_to: str


_presses: dict[tuple[object, ...], _Press] = {}  # the latest used last
KEPT = 200


def write_letter(*, delivery: Due, eight_bit: bool, now: datetime) -> Envelope:
    """The mail of a claimed delivery, as bytes, with its envelope.

    Raises MissingVariable, AddressRefused or HeaderRefused: this one cannot leave, others can.
    """
    message, organisation = delivery.message, delivery.message.organisation
    leave = _leave(delivery, now) if message.purpose else ""
    own = {**({"unsubscribe_url": leave} if leave else {}), **delivery.context}
    press = _press(message, own)
    subject, words, text = press.letter.fill(own)
    recipient = mailbox(delivery.typed)
    body = press.mould.fill(words) if eight_bit else None
    letter = Letter(
        message_id=message_id(delivery.pk, domain=press.sender.rpartition("@")[2]),
        sender_name=organisation.name,
        sender=press.sender,
        reply_to=press.reply_to,
        recipient=recipient.address,
        subject=subject,
        text=text,
        html=press.letter.html.whole(words) if body is None else body,
        date=now,
        extra={
            **_marks(leave, organisation.reply_email or organisation.sender_email),
            **marking(delivery.pk, provider=mail_provider()),
        },
    )
    return Envelope(
        sender=return_path(delivery.pk, sender=press.sender),
        recipient=recipient.address,
        content=build(letter, eight_bit=eight_bit),
        needs_utf8=recipient.needs_utf8,
        eight_bit=eight_bit,
    )


def _press(message: Message, own: Mapping[str, Any]) -> _Press:
    """Made from the first reader, kept for those with the same names; a message never changes,
    what its organisation is called may."""
    organisation = message.organisation
    addresses = (organisation.sender_email, organisation.reply_email)
    names = frozenset((name, value is None) for name, value in own.items())
    key = (message.pk, message.context_sha256, addresses, names)
    found = _presses.pop(key, None) or _made(message, own)
    _presses[key] = found
    if len(_presses) > KEPT:
        _presses.pop(next(iter(_presses)), None)
    return found


def _made(message: Message, own: Mapping[str, Any]) -> _Press:
    organisation = message.organisation
    letter = prepared(compiled(message.template), shared=message.context, own=own)
    return _Press(
        letter=letter,
        mould=Mould(letter.html.shared),
        sender=mailbox(organisation.sender_email).address,
        reply_to=mailbox(organisation.reply_email).address if organisation.reply_email else "",
    )


def _leave(delivery: Due, now: datetime) -> str:
    """Where this reader ends what this message rests on, and is counted as having left by it."""
    message = delivery.message
    return unsubscribe_link(
        unsubscribe_token(
            person=delivery.person_id,
            purpose=message.purpose,
            scope=scope_of(message.purpose, message.source),
            message=message.pk,
            now=now,
        )
    )


def _marks(leave: str, reply: str) -> Mapping[str, str]:
    """What machines read: no automatic answer is wanted (RFC 3834), how to leave (RFC 8058)."""
    if not leave:
        return {"Auto-Submitted": "auto-generated"}
    token = leave.rstrip("/").rpartition("/")[2]
    mail = f"mailto:{leaving_address(mailbox(reply).address)}?subject=desabonnement%20{token}"
    return {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{leave}>, <{mail}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
