"""A whole audience in one statement, paused, resumed, cancelled, and counted."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F, JSONField, QuerySet, Value
from django.db.models.functions import JSONObject
from pytest_django import DjangoAssertNumQueries

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.pause_message import (
    cancel_message,
    pause_message,
    resume_message,
)
from levier.foundation.messaging.actions.queue_set import queue_set
from levier.foundation.messaging.enums import DeliveryState, Lane, MessageState
from levier.foundation.messaging.errors import MessageOver
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.tally import MessageTally
from levier.foundation.messaging.queries.progress import Progress, progress_of, progress_of_all
from levier.foundation.people.enums import Purpose
from levier.foundation.people.models.person import ContactPoint
from tests.foundation.messaging.conftest import make_delivery, make_message, make_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def news(valmont: Organisation) -> Message:
    return make_message(valmont, Lane.BULK, Purpose.PETITION_NEWS)


@pytest.fixture
def readers(valmont: Organisation) -> QuerySet[ContactPoint, tuple[int, int, object]]:
    for n in range(3):
        make_point(valmont, f"personne{n}@exemple.fr")
    return everybody()


def everybody() -> QuerySet[ContactPoint, tuple[int, int, object]]:
    named = JSONObject(first_name=F("person__first_name"))
    return ContactPoint.objects.order_by("person").values_list("person_id", "pk", named)


def test_each_reader_gets_one_delivery_with_a_context_of_their_own(
    news: Message, readers: QuerySet[ContactPoint, tuple[int, int, object]], now: datetime
) -> None:
    later = now + timedelta(hours=2)
    assert queue_set(message=news, readers=readers, source="update:1", now=now) == 3
    assert queue_set(message=news, readers=readers, source="update:2", now=now, not_before=later)
    first = Delivery.objects.filter(source="update:1").order_by("person")
    assert [row.contact_point_id for row in first] == [pk for _, pk, _ in readers]
    assert {row.context["first_name"] for row in first} == {"Camille"}
    assert {(row.lane, row.state, row.not_before) for row in first} == {("bulk", "queued", now)}
    second = Delivery.objects.filter(source="update:2")
    assert {(row.not_before, row.expires_at) for row in second} == {
        (later, later + news.expires_after)
    }


def test_U28_a_second_time_adds_only_who_was_not_there(
    news: Message,
    valmont: Organisation,
    readers: QuerySet[ContactPoint, tuple[int, int, object]],
    now: datetime,
) -> None:
    assert queue_set(message=news, readers=readers, source="update:1", now=now) == 3
    make_point(valmont, "nouvelle@exemple.fr")
    shared = ContactPoint.objects.values_list("person_id", "pk", Value({"n": "1"}, JSONField()))
    assert queue_set(message=news, readers=shared, source="update:1", now=now) == 1
    assert Delivery.objects.count() == 4


@pytest.mark.parametrize("many", [1, 3])
def test_one_statement_whatever_the_number(
    news: Message,
    valmont: Organisation,
    now: datetime,
    many: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(many):
        make_point(valmont, f"personne{n}@exemple.fr")
    with django_assert_num_queries(3):  # savepoint included
        assert queue_set(message=news, readers=everybody(), source="update:1", now=now) == many


def test_U30_the_parts_add_up_to_the_audience(
    news: Message, readers: QuerySet[ContactPoint, tuple[int, int, object]], now: datetime
) -> None:
    assert progress_of(news) == Progress()
    queue_set(message=news, readers=readers, source="update:1", now=now)
    assert progress_of(news) == Progress(queued=3)
    first, second, third = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(state=DeliveryState.HANDED)
    Delivery.objects.filter(pk=second.pk).update(state=DeliveryState.UNKNOWN)
    progress = progress_of(news)
    assert progress == Progress(queued=1, handed=1, unknown=1)
    assert (progress.audience, progress.waiting, progress.gone) == (3, 1, 2)
    third.delete()
    assert progress_of(news).audience == 2


def test_thank_yous_are_not_tallied(message: Message) -> None:
    make_delivery(message)
    assert not MessageTally.objects.exists()


@pytest.mark.parametrize("many", [1, 3])
def test_many_messages_are_read_at_once(
    valmont: Organisation,
    now: datetime,
    many: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_point(valmont, "camille@exemple.fr")
    lanes = [(Lane.BULK, Purpose.PETITION_NEWS), (Lane.BULK, Purpose.ORG_NEWS)]
    lanes += [(Lane.ENGAGEMENT, Purpose.CONTINUE)]
    messages = [make_message(valmont, *lane) for lane in lanes[:many]]
    for n, one in enumerate(messages):
        queue_set(message=one, readers=everybody(), source=f"update:{n}", now=now)
    with django_assert_num_queries(1):
        found = progress_of_all([one.pk for one in messages])
    assert found == {one.pk: Progress(queued=1) for one in messages}


def test_U29_what_is_left_of_a_cancelled_message_is_not_sent(
    news: Message, readers: QuerySet[ContactPoint, tuple[int, int, object]], now: datetime
) -> None:
    queue_set(message=news, readers=readers, source="update:1", now=now)
    left = Delivery.objects.earliest("pk")
    Delivery.objects.filter(pk=left.pk).update(state=DeliveryState.HANDED)
    assert cancel_message(message=news, now=now) == 2
    assert cancel_message(message=news, now=now) == 0
    assert progress_of(news) == Progress(handed=1, cancelled=2)
    assert str(DeliveryState.CANCELLED.label) == "non envoyé"
    for action in (pause_message, resume_message):
        with pytest.raises(MessageOver, match="annulé"):
            action(message=news)


def test_pausing_and_resuming_can_be_said_twice(news: Message) -> None:
    for action, state in ((pause_message, MessageState.PAUSED), (resume_message, "running")):
        for _ in range(2):
            action(message=news)
            news.refresh_from_db()
            assert news.state == state


def test_counters_agree_with_a_count_whatever_was_written(
    news: Message, readers: QuerySet[ContactPoint, tuple[int, int, object]], now: datetime
) -> None:
    queue_set(message=news, readers=readers, source="update:1", now=now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE levier_delivery SET state = 'handed' WHERE id % 2 = 0")
        cursor.execute("UPDATE levier_delivery SET attempts = 1")
        cursor.execute("SELECT state, count(*) FROM levier_delivery GROUP BY state")
        counted = dict(cursor.fetchall())
    assert progress_of(news) == Progress(**counted)
