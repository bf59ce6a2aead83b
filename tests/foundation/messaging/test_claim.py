"""Who may be written to is judged when a mail is taken, not when it is queued."""

import threading
import uuid
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.acknowledge import Outcome, acknowledge
from levier.foundation.messaging.actions.claim import GONE, NO_CONSENT, REFUSED, claim
from levier.foundation.messaging.actions.release_dead_claims import (
    GRACE,
    JOURNAL_GRACE,
    release_dead_claims,
)
from levier.foundation.messaging.enums import DeliveryState, Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.queries.due import Due
from levier.foundation.messaging.rules.replies import Verdict
from levier.foundation.people.actions.consents import give_consent, withdraw_consent
from levier.foundation.people.actions.suppressions import suppress
from levier.foundation.people.enums import Channel, ContactState, Purpose, SuppressionReason
from levier.foundation.people.models.person import ContactPoint
from tests.foundation.messaging.conftest import make_delivery, make_message, make_organisation

ME = uuid.uuid4()


def take(lane: str = Lane.TRANSACTIONAL, limit: int = 100) -> list[Due]:
    return claim(lane=lane, worker=ME, limit=limit, now=timezone.now())


def outcome(delivery: Delivery) -> tuple[str, str]:
    delivery.refresh_from_db()
    return delivery.state, delivery.last_reply


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["", "petition:1"])
def test_J2_P28_a_suppressed_address_gets_nothing(message: Message, scope: str) -> None:
    refused, other = make_delivery(message, "leo@exemple.fr"), make_delivery(message)
    suppress(
        organisation=message.organisation,
        channel=Channel.EMAIL,
        canonical="leo@exemple.fr",
        reason=SuppressionReason.NOT_ME,
        scope=scope,
        now=timezone.now(),
    )
    assert [row.pk for row in take()] == [other.pk]
    assert outcome(refused) == (DeliveryState.SUPPRESSED, REFUSED)


@pytest.mark.django_db
def test_P28_a_refusal_of_one_petition_or_organisation_is_not_one_of_another(
    message: Message,
) -> None:
    delivery = make_delivery(message, "leo@exemple.fr")
    elsewhere = make_organisation("Droits debout", "droits-debout")
    for organisation, scope in ((message.organisation, "petition:2"), (elsewhere, "")):
        suppress(
            organisation=organisation,
            channel=Channel.EMAIL,
            canonical="leo@exemple.fr",
            reason=SuppressionReason.NOT_ME,
            scope=scope,
            now=timezone.now(),
        )
    assert [row.pk for row in take()] == [delivery.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "is_answered"),
    [
        (SuppressionReason.UNSUBSCRIBED, True),
        (SuppressionReason.ERASED, True),
        (SuppressionReason.NOT_ME, False),
        (SuppressionReason.COMPLAINT, False),
        (SuppressionReason.HARD_BOUNCE, False),
    ],
)
def test_J3_whoever_wanted_nothing_more_is_still_answered_when_they_ask(
    valmont: Organisation, now: datetime, reason: str, is_answered: bool
) -> None:
    asked = make_delivery(make_message(valmont), "leo@exemple.fr")
    news = make_message(valmont, Lane.BULK, Purpose.PETITION_NEWS)
    unasked = Delivery.objects.create(
        message=news,
        person=asked.person,
        contact_point=asked.contact_point,
        source="update:1",
        lane=Lane.BULK,
        not_before=now,
        expires_at=timezone.now() + timedelta(days=1),
        created_at=now,
    )
    give_consent(
        person=asked.person,
        channel=Channel.EMAIL,
        purpose=Purpose.PETITION_NEWS,
        scope=news.source,
        wording="oui",
        source="signature:1",
        now=now,
    )
    suppress(
        organisation=valmont,
        channel=Channel.EMAIL,
        canonical="leo@exemple.fr",
        reason=reason,
        now=now,
    )
    assert [row.pk for row in take()] == [asked.pk] * is_answered
    assert take(Lane.BULK) == []
    assert outcome(unasked) == (DeliveryState.SUPPRESSED, REFUSED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "leaves"),
    [
        (ContactState.OK, True),
        (ContactState.SOFT, True),
        (ContactState.HARD, False),
        (ContactState.COMPLAINT, False),
        (ContactState.BLOCKED, False),
    ],
)
def test_J7_the_state_of_the_address_decides(message: Message, state: str, leaves: bool) -> None:
    delivery = make_delivery(message)
    ContactPoint.objects.update(state=state)
    assert [row.pk for row in take()] == [delivery.pk] * leaves
    if not leaves:
        assert outcome(delivery) == (DeliveryState.SUPPRESSED, GONE)


@pytest.mark.django_db
def test_J1_news_need_the_agreement_as_it_stands_now(valmont: Organisation, now: datetime) -> None:
    news = make_message(valmont, Lane.BULK, Purpose.PETITION_NEWS)
    without, withdrawn, agreed = (make_delivery(news, f"{n}@exemple.fr") for n in "abc")
    for delivery in (withdrawn, agreed):
        give_consent(
            person=delivery.person,
            channel=Channel.EMAIL,
            purpose=Purpose.PETITION_NEWS,
            scope=news.source,
            wording="oui",
            source="moi",
            now=now,
        )
    give_consent(
        person=without.person,
        channel=Channel.EMAIL,
        purpose=Purpose.ORG_NEWS,
        wording="oui",
        source="moi",
        now=now,
    )
    withdraw_consent(
        person=withdrawn.person,
        channel=Channel.EMAIL,
        purpose=Purpose.PETITION_NEWS,
        scope=news.source,
        wording="non",
        source="moi",
        now=now,
    )
    assert [row.pk for row in take(Lane.BULK)] == [agreed.pk]
    for delivery in (without, withdrawn):
        assert outcome(delivery) == (DeliveryState.SUPPRESSED, NO_CONSENT)


@pytest.mark.django_db
def test_U25_news_of_a_petition_need_the_agreement_to_that_petitions(
    valmont: Organisation, now: datetime
) -> None:
    news = make_message(valmont, Lane.BULK, Purpose.PETITION_NEWS)
    here, elsewhere = (make_delivery(news, f"{n}@exemple.fr") for n in "ab")
    for delivery, scope in ((here, news.source), (elsewhere, "petition:2")):
        give_consent(
            person=delivery.person,
            channel=Channel.EMAIL,
            purpose=Purpose.PETITION_NEWS,
            scope=scope,
            wording="oui",
            source="moi",
            now=now,
        )
    assert [row.pk for row in take(Lane.BULK)] == [here.pk]
    assert outcome(elsewhere) == (DeliveryState.SUPPRESSED, NO_CONSENT)


@pytest.mark.django_db
def test_what_is_not_due_or_is_past_does_not_leave(message: Message) -> None:
    early, late = make_delivery(message, "a@exemple.fr"), make_delivery(message, "b@exemple.fr")
    moment = timezone.now()
    Delivery.objects.filter(pk=early.pk).update(not_before=moment + timedelta(minutes=1))
    Delivery.objects.filter(pk=late.pk).update(expires_at=moment - timedelta(minutes=1))
    assert take() == []
    assert outcome(early)[0] == DeliveryState.QUEUED
    assert outcome(late)[0] == DeliveryState.EXPIRED


@pytest.mark.django_db
@pytest.mark.parametrize("many", [1, 3])
def test_claiming_costs_the_same_for_one_and_for_three(
    message: Message, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(many):
        make_delivery(message, f"{n}@exemple.fr")
    with django_assert_num_queries(10):  # savepoint included
        assert len(take()) == many


@pytest.mark.django_db(transaction=True)
def test_J15_twelve_senders_take_each_mail_once(valmont: Organisation) -> None:
    message = make_message(valmont)
    for n in range(120):
        make_delivery(message, f"personne{n}@exemple.fr")
    taken: list[int] = []
    ready = threading.Barrier(12)

    def sender() -> None:
        worker = uuid.uuid4()
        ready.wait(10)
        while rows := claim(lane=Lane.TRANSACTIONAL, worker=worker, limit=7, now=timezone.now()):
            taken.extend(row.pk for row in rows)
            outcomes = [Outcome(delivery=row, verdict=Verdict.HANDED) for row in rows]
            acknowledge(worker=worker, outcomes=outcomes, now=timezone.now())
        connections.close_all()

    threads = [threading.Thread(target=sender) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(Counter(taken).values()) == {1}
    assert len(taken) == 120
    assert set(Delivery.objects.values_list("state", "attempts")) == {("handed", 1)}


@pytest.mark.django_db
def test_J13_claims_of_a_dead_worker_come_back(valmont: Organisation, message: Message) -> None:
    thanks = make_delivery(message)
    news = make_delivery(make_message(valmont, Lane.BULK, Purpose.ORG_NEWS), "b@exemple.fr")
    give_consent(
        person=news.person,
        channel=Channel.EMAIL,
        purpose=Purpose.ORG_NEWS,
        wording="oui",
        source="moi",
        now=timezone.now(),
    )
    assert len(take()) == len(take(Lane.BULK)) == 1
    assert release_dead_claims(now=timezone.now()) == 0  # too early to say it is dead
    assert release_dead_claims(now=timezone.now() + GRACE * 2) == 1
    assert outcome(thanks)[0] == DeliveryState.QUEUED
    assert outcome(news)[0] == DeliveryState.CLAIMED  # its journal may come back
    assert release_dead_claims(now=timezone.now() + JOURNAL_GRACE * 2) == 1
    assert outcome(news)[0] == DeliveryState.UNKNOWN


@pytest.mark.django_db
def test_claims_of_a_living_worker_are_left_alone(message: Message) -> None:
    delivery = make_delivery(message)
    take()
    with connection.cursor() as cursor:
        key = int.from_bytes(ME.bytes[:8], signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
    assert release_dead_claims(now=timezone.now() + timedelta(hours=1)) == 0
    assert outcome(delivery)[0] == DeliveryState.CLAIMED


@pytest.mark.django_db
def test_a_worker_thought_dead_still_tells_the_truth(message: Message) -> None:
    delivery = make_delivery(message)
    rows = take()
    release_dead_claims(now=timezone.now() + GRACE * 2)
    handed = [Outcome(delivery=rows[0], verdict=Verdict.HANDED, reply="250 OK")]
    acknowledge(worker=ME, outcomes=handed, now=timezone.now())
    assert outcome(delivery) == (DeliveryState.HANDED, "250 OK")


@pytest.mark.django_db
def test_but_not_once_another_has_taken_it(message: Message) -> None:
    delivery = make_delivery(message)
    rows = take()
    release_dead_claims(now=timezone.now() + GRACE * 2)
    other = uuid.uuid4()
    claim(lane=Lane.TRANSACTIONAL, worker=other, limit=1, now=timezone.now())
    refused = [Outcome(delivery=rows[0], verdict=Verdict.REFUSED, reply="554 no")]
    acknowledge(worker=ME, outcomes=refused, now=timezone.now())
    assert outcome(delivery) == (DeliveryState.CLAIMED, "")


@pytest.mark.django_db
def test_J17_a_thank_you_is_not_behind_the_bulk(valmont: Organisation, message: Message) -> None:
    """Whatever waits in another lane, the next thank-you is found by its index alone."""
    news = make_message(valmont, Lane.BULK, Purpose.ORG_NEWS)
    point = make_delivery(news, "b@exemple.fr")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO levier_delivery (message_id, person_id, contact_point_id, source, ordinal,"
            " lane, state, context, not_before, expires_at, attempts, last_reply, created_at)"
            " SELECT message_id, person_id, contact_point_id, source, n, lane, state, context,"
            " not_before, expires_at, 0, '', created_at FROM levier_delivery,"
            " generate_series(1, 20000) AS n WHERE id = %s",
            [point.pk],
        )
        cursor.execute("ANALYZE levier_delivery")
        thanks = make_delivery(message)
        cursor.execute(
            "EXPLAIN (ANALYZE, FORMAT JSON) SELECT id FROM levier_delivery WHERE lane ="
            " 'transactional' AND state = 'queued' AND not_before <= now() + interval '1 minute'"
            " ORDER BY not_before, id LIMIT 25"
        )
        assert "delivery_queue" in str(cursor.fetchone())
    assert [row.pk for row in take()] == [thanks.pk]
