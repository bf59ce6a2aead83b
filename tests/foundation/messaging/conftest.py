"""Deliveries to send, and a lane to send them by."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.get_message import get_message
from levier.foundation.messaging.actions.queue import Recipient, queue
from levier.foundation.messaging.actions.send import LaneSender
from levier.foundation.messaging.channels.route import Route
from levier.foundation.messaging.enums import Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.people.enums import Channel
from levier.foundation.people.models.person import ContactPoint, Person
from tests.cast import make_organisation
from tests.foundation.messaging.server import Server

Queue = Callable[..., Delivery]
SHARED = {
    "organisation": "Valmont à vélo",
    "legal_name": "Association Valmont à vélo",
    "postal_address": "3 rue du Lavoir, 00000 Valmont",
}


def make_point(organisation: Organisation, email: str) -> ContactPoint:
    person = Person.objects.create(
        organisation=organisation,
        uuid=uuid.uuid4(),
        first_name="Camille",
        last_name="Roche",
        created_at=timezone.now(),
    )
    return ContactPoint.objects.create(
        organisation=organisation,
        person=person,
        channel=Channel.EMAIL,
        typed=email,
        canonical=email.lower(),
        created_at=timezone.now(),
    )


def make_message(
    organisation: Organisation, lane: str = Lane.TRANSACTIONAL, purpose: str = ""
) -> Message:
    return get_message(
        organisation=organisation,
        template="signing/my_link",
        source="petition:1",
        context=SHARED,
        now=timezone.now(),
        expires_after=timedelta(days=1),
        lane=lane,
        purpose=purpose,
    )


def make_delivery(
    message: Message, email: str = "camille@exemple.fr", source: str = "test", **context: str
) -> Delivery:
    point = make_point(message.organisation, email)
    recipient = Recipient(
        person=point.person_id,
        contact_point=point.pk,
        source=source,
        context={"first_name": "Camille", "my_url": "https://exemple.fr/moi/x/", **context},
    )
    queue(message=message, recipients=[recipient], now=timezone.now())
    return Delivery.objects.get(source=source, person=point.person_id)


@pytest.fixture
def message(valmont: Organisation) -> Message:
    return make_message(valmont)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def sender_to(server: Server, lane: str = Lane.TRANSACTIONAL) -> LaneSender:
    route = Route(host="127.0.0.1", port=server.port, timeout=3, final_timeout=3)
    return LaneSender(lane=lane, worker=uuid.uuid4(), route=route, connections=1)


def send(server: Server, lane: str = Lane.TRANSACTIONAL) -> LaneSender:
    """Send what is due in a lane, once."""
    sender = sender_to(server, lane)
    asyncio.run(sender.drain())
    return sender


__all__ = ["make_delivery", "make_message", "make_organisation", "make_point", "send"]
