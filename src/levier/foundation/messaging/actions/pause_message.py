from datetime import datetime

from django.db import transaction

from levier.foundation.messaging.enums import DeliveryState, MessageState
from levier.foundation.messaging.errors import MessageOver
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message


@transaction.atomic
def pause_message(*, message: Message) -> None:
    """No sender takes any more of it from its next claim on (U29). Twice is the same as once.

    Raises MessageOver when it was cancelled.
    """
    _move(message, MessageState.PAUSED)


@transaction.atomic
def resume_message(*, message: Message) -> None:
    """Senders take what is left of it, each person once (J16). Raises MessageOver."""
    _move(message, MessageState.RUNNING)


@transaction.atomic
def cancel_message(*, message: Message, now: datetime) -> int:
    """Close what still waits as « non envoyé », for good, in one statement. What a sender holds
    goes its way, and is closed too if it comes back.

    Returns how many were closed. Twice is the same as once.
    """
    Message.objects.filter(pk=message.pk).update(state=MessageState.CANCELLED)
    message.state = MessageState.CANCELLED
    waiting = Delivery.objects.filter(
        message=message, lane=message.lane, state=DeliveryState.QUEUED
    )
    return waiting.update(state=DeliveryState.CANCELLED, finished_at=now)


def _move(message: Message, state: MessageState) -> None:
    open_ones = Message.objects.exclude(state=MessageState.CANCELLED)
    if not open_ones.filter(pk=message.pk).update(state=state):
        raise MessageOver
    message.state = state
