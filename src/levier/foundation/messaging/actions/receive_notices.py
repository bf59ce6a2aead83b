from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from levier.foundation.messaging.actions.record_events import Recorded, record_events
from levier.foundation.messaging.actions.unsubscribe import unsubscribe
from levier.foundation.messaging.channels.providers import Told
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.rules import scope_of


@transaction.atomic
def receive_notices(*, told: Told, now: datetime) -> Recorded:
    """Write down what a provider told; whoever left by its own link leaves here too."""
    done = record_events(notices=told.notices, now=now)
    left = Delivery.objects.filter(pk__in=told.leaving).exclude(message__purpose="")
    for delivery in left.select_related("message").order_by("pk"):
        purpose = delivery.message.purpose
        unsubscribe(
            person=delivery.person_id,
            purpose=purpose,
            scope=scope_of(purpose, delivery.message.source),
            message=delivery.message_id,
            now=now,
        )
    return done


def accept_topic(*, address: str) -> None:
    """Have the worker open the address by which Amazon SNS asks whether we want its notices."""
    app.configure_task("messaging.accept_topic").defer(address=address)
