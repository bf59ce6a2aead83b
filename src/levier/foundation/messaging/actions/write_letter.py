from collections.abc import Mapping
from datetime import datetime

from levier.foundation.messaging.channels.mime import Letter, build
from levier.foundation.messaging.channels.smtp import Envelope
from levier.foundation.messaging.mails.compiled import compiled
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.rules.addresses import unsubscribe_link, unsubscribe_token
from levier.foundation.messaging.rules.identity import message_id
from levier.foundation.messaging.rules.mailboxes import mailbox


def write_letter(*, delivery: Delivery, eight_bit: bool, now: datetime) -> Envelope:
    """The mail of a claimed delivery, as bytes, with its envelope.

    Raises MissingVariable, AddressRefused or HeaderRefused: this one cannot leave, others can.
    """
    message, organisation = delivery.message, delivery.message.organisation
    leave = (
        unsubscribe_link(
            unsubscribe_token(person=delivery.person_id, purpose=message.purpose, now=now)
        )
        if message.purpose
        else ""
    )
    common = {**message.context, "unsubscribe_url": leave} if leave else message.context
    rendered = compiled(message.template).fill({**common, **delivery.context})
    recipient = mailbox(delivery.contact_point.typed)
    sender = mailbox(organisation.sender_email).address
    letter = Letter(
        message_id=message_id(delivery.pk, domain=sender.rpartition("@")[2]),
        sender_name=organisation.name,
        sender=sender,
        reply_to=mailbox(organisation.reply_email).address if organisation.reply_email else "",
        recipient=recipient.address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        date=now,
        extra=_marks(leave, organisation.reply_email or organisation.sender_email),
    )
    return Envelope(
        sender=sender,
        recipient=recipient.address,
        content=build(letter, eight_bit=eight_bit),
        needs_utf8=recipient.needs_utf8,
        eight_bit=eight_bit,
    )


def _marks(leave: str, reply: str) -> Mapping[str, str]:
    """What machines read: no automatic answer is wanted (RFC 3834), how to leave (RFC 8058)."""
    if not leave:
        return {"Auto-Submitted": "auto-generated"}
    token = leave.rstrip("/").rpartition("/")[2]
    mail = f"mailto:{mailbox(reply).address}?subject=desabonnement%20{token}"
    return {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{leave}>, <{mail}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
