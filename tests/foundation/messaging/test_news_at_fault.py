"""News to many through whatever a server answers: what was claimed is sent, waits or is known."""

import asyncio
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.claim import GONE, NO_CONSENT, claim
from levier.foundation.messaging.actions.pause_message import cancel_message, pause_message
from levier.foundation.messaging.actions.send import LaneSender
from levier.foundation.messaging.channels.route import Route
from levier.foundation.messaging.enums import DeliveryState, Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.queries.progress import Progress, progress_of
from levier.foundation.people.actions.consents import withdraw_consent
from levier.foundation.people.enums import Channel, ContactState, Purpose
from levier.foundation.people.models.person import ContactPoint, Person
from tests.faults.sending import news_to
from tests.foundation.messaging.conftest import sender_to
from tests.foundation.messaging.server import Server

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 30


def first_address() -> str:
    return ContactPoint.objects.order_by("pk")[0].typed


def drained(server: Server, times: int = 1) -> LaneSender:
    sender = sender_to(server, Lane.BULK)

    async def drain() -> None:
        for _ in range(times):
            sender.brake.release()
            await sender.drain()

    asyncio.run(drain())
    return sender


@pytest.mark.parametrize(
    ("stage", "reply", "expected"),
    [
        ("rcpt", "450 4.2.1 busy", Progress(handed=MANY - 1, queued=1)),
        ("rcpt", "451 4.3.2 local error", Progress(handed=MANY - 1, queued=1)),
        ("rcpt", "452 4.2.2 full for now", Progress(handed=MANY - 1, queued=1)),
        ("rcpt", "550 5.1.1 no such user", Progress(handed=MANY - 1, bounced=1)),
        ("dot", "554 5.6.0 not this", Progress(handed=MANY - 1, failed=1)),
        ("dot", "550 5.7.1 not from you", Progress(handed=MANY - 1, queued=1)),
    ],
)
def test_J20_J21_one_refusal_is_one_readers(
    valmont: Organisation, server: Server, stage: str, reply: str, expected: Progress
) -> None:
    news = news_to(valmont, MANY)
    server.script.replies[first_address(), stage] = reply
    drained(server, times=2)
    assert progress_of(news) == expected
    assert set(Counter(server.recipients).values()) == {1}


def test_J20_421_slows_the_readers_of_that_domain(valmont: Organisation, server: Server) -> None:
    news = news_to(valmont, MANY)
    address = first_address()
    domain = address.partition("@")[2]
    server.script.replies[address, "rcpt"] = "421 4.7.0 slow down"
    drained(server, times=3)
    theirs = ContactPoint.objects.filter(typed__endswith=f"@{domain}").count()
    progress = progress_of(news)
    assert MANY - theirs <= progress.handed < MANY
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED).select_related("contact_point")
    assert {row.domain for row in waiting} == {domain}


def test_J22_cut_after_the_final_dot_one_reader_is_unknown(
    valmont: Organisation, server: Server
) -> None:
    news = news_to(valmont, MANY)
    server.script.cut_after_dot = {first_address()}
    drained(server, times=2)
    assert progress_of(news) == Progress(handed=MANY - 1, unknown=1)
    drained(server)
    assert len(server.taken) == MANY


def test_J13_a_server_that_closes_after_a_hundred_mails_gets_them_all(
    valmont: Organisation, server: Server
) -> None:
    server.script.reads, server.script.mails_per_connection = False, 100
    news = news_to(valmont, 250)
    drained(server)
    assert progress_of(news) == Progress(handed=250)
    assert server.connections == 3


def test_J15_twelve_senders_send_each_news_once(valmont: Organisation, server: Server) -> None:
    server.script.reads = False
    news = news_to(valmont, 240)
    route = Route(host="127.0.0.1", port=server.port, timeout=20, final_timeout=20)

    async def all_at_once() -> None:
        senders = [
            LaneSender(lane=Lane.BULK, worker=uuid.uuid4(), route=route, connections=2)
            for _ in range(12)
        ]
        await asyncio.gather(*(sender.drain() for sender in senders))

    asyncio.run(all_at_once())
    assert progress_of(news) == Progress(handed=240)
    assert set(Counter(server.recipients).values()) == {1}


def claimed_rows() -> list[int]:
    rows = claim(lane=Lane.BULK, worker=uuid.uuid4(), limit=100, now=timezone.now())
    return [row.pk for row in rows]


def leave(person: Person) -> None:
    withdraw_consent(
        person=person,
        channel=Channel.EMAIL,
        purpose=Purpose.PETITION_NEWS,
        scope="petition:1",
        wording="non",
        source="desabonnement",
        now=timezone.now(),
    )


def erase(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(erased_at=timezone.now())


def bounce(person: Person) -> None:
    ContactPoint.objects.filter(person=person).update(state=ContactState.HARD)


@pytest.mark.parametrize(("event", "reason"), [(leave, NO_CONSENT), (erase, GONE), (bounce, GONE)])
@pytest.mark.parametrize("state", ["queued", "claimed", "handed"])
def test_J2_leaving_erasure_and_bounce_at_each_state(
    valmont: Organisation, server: Server, event: object, reason: str, state: str
) -> None:
    assert callable(event)
    news = news_to(valmont, 1)
    person = Person.objects.get()
    if state == "handed":
        drained(server)
    if state == "claimed":
        # What waits in a sender's hand goes back to the queue before it would be too old to trust.
        (taken,) = claimed_rows()
        Delivery.objects.filter(pk=taken).update(state=DeliveryState.QUEUED, claimed_by=None)
    event(person)
    drained(server)
    if state == "handed":
        assert progress_of(news) == Progress(handed=1)
        assert len(server.taken) == 1
    else:
        assert progress_of(news) == Progress(suppressed=1)
        assert server.taken == []
        assert Delivery.objects.get().last_reply == reason


def test_U29_nothing_is_taken_of_a_paused_message(valmont: Organisation, server: Server) -> None:
    paused = news_to(valmont, 5)
    pause_message(message=paused)
    drained(server)
    assert server.taken == []
    assert progress_of(paused) == Progress(queued=5)


def test_U29_what_comes_back_after_a_cancellation_is_not_sent(
    valmont: Organisation, server: Server
) -> None:
    news = news_to(valmont, 5)
    rows = claim(lane=Lane.BULK, worker=uuid.uuid4(), limit=3, now=timezone.now())
    cancel_message(message=news, now=timezone.now())
    assert progress_of(news) == Progress(claimed=3, cancelled=2)
    back = Delivery.objects.filter(pk__in=[row.pk for row in rows])
    back.update(state=DeliveryState.QUEUED, claimed_by=None)
    drained(server)
    assert progress_of(news) == Progress(cancelled=5)
    assert server.taken == []


def test_a_long_message_does_not_starve_a_short_one(valmont: Organisation, server: Server) -> None:
    server.script.reads = False
    news_to(valmont, 200)
    Delivery.objects.update(not_before=timezone.now() - timedelta(hours=1))
    short = Message.objects.get(pk=_short(valmont).pk)
    seen = Counter(
        row.message_id
        for _ in range(12)
        for row in claim(lane=Lane.BULK, worker=uuid.uuid4(), limit=5, now=timezone.now())
    )
    assert seen[short.pk] > 0


def _short(organisation: Organisation) -> Message:
    """Three of the same readers, of another message."""
    first = Delivery.objects.first()
    assert first is not None
    message = first.message
    message.pk, message.context_sha256 = None, b"another"
    message.save(force_insert=True)
    for row in Delivery.objects.order_by("-pk")[:3]:
        row.pk, row.message, row.source = None, message, "update:2"
        row.not_before = timezone.now() - timedelta(seconds=1)
        row.save(force_insert=True)
    return message
