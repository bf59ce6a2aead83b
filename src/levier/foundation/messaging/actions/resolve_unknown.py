from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.messaging.enums import DeliveryState, MessageState
from levier.foundation.messaging.errors import MessageOver
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message


@transaction.atomic
def resolve_unknown(*, message: Message, sent: bool, by: User, now: datetime) -> int:
    """A person decides what no machine can know: the mails of a message that may have left are
    taken for sent, or are sent again, with the same Message-ID. Returns how many.

    Sent again, they are judged by the next claim like any other: whoever left meanwhile gets
    nothing. Raises MessageOver for a message that was cancelled and is to be sent again.
    """
    locked = Message.objects.select_for_update().get(pk=message.pk)
    if not sent and locked.state == MessageState.CANCELLED:
        raise MessageOver
    lost = Delivery.objects.filter(message=locked, state=DeliveryState.UNKNOWN)
    if sent:
        n = lost.update(state=DeliveryState.HANDED)
    else:
        n = lost.update(
            state=DeliveryState.QUEUED,
            claimed_by=None,
            claimed_at=None,
            finished_at=None,
            not_before=now,
            expires_at=now + locked.expires_after,
        )
    if n:
        body = {
            "act": "messaging.resolve_unknown",
            "message": locked.pk,
            "as": "sent" if sent else "again",
            "n": n,
        }
        append_audit(scope=locked.organisation_id, body=body, by=by.pk, now=now)
    return n
