"""How often, and at what hour, one is written to."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.claim import NEVER, TOO_MANY, claim
from levier.foundation.messaging.enums import DeliveryState, Hold, Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.pressure import ContactPolicy, Pressure
from levier.foundation.messaging.queries.due import Due
from levier.foundation.messaging.rules.quiet_hours import opens_at
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import Person
from tests.foundation.messaging.conftest import make_delivery, make_message

pytestmark = pytest.mark.django_db
ME = uuid.uuid4()
WEEK = timedelta(days=7)


def take(lane: str, at: datetime | None = None) -> list[Due]:
    return claim(lane=lane, worker=ME, limit=100, now=at or timezone.now())


@pytest.fixture
def news(valmont: Organisation) -> Message:
    return make_message(valmont, Lane.BULK, Purpose.ORG_NEWS)


def many_to_one(message: Message, many: int, lasting: timedelta = WEEK * 4) -> list[Delivery]:
    """So many mails to one person who agreed to them, due now."""
    first = make_delivery(message, source="n:0")
    ConsentState.objects.create(
        person=first.person,
        channel=Channel.EMAIL,
        purpose=message.purpose or Purpose.ORG_NEWS,
        given=True,
        at=timezone.now(),
    )
    found = [first]
    for n in range(1, many):
        copy = Delivery.objects.get(pk=first.pk)
        copy.pk, copy.source = None, f"n:{n}"
        copy.save(force_insert=True)
        found.append(copy)
    Delivery.objects.update(expires_at=timezone.now() + lasting)
    return found


def one_by_one(lane: str, times: int, at: datetime | None = None) -> int:
    return sum(len(take(lane, at)) for _ in range(times))


def policy(organisation: Organisation, **given: object) -> None:
    ContactPolicy.objects.create(organisation=organisation, channel=Channel.EMAIL, **given)


def test_J43_seven_mails_in_seven_days_and_the_eighth_waits(news: Message) -> None:
    many_to_one(news, 9)
    assert one_by_one(Lane.BULK, 9) == 7
    held = Delivery.objects.filter(state=DeliveryState.QUEUED)
    assert set(held.values_list("held_for", flat=True)) == {Hold.CAP}
    assert "différé" in str(Hold.CAP.label)
    now = timezone.now()
    for row in held:
        assert timedelta(hours=20) < row.not_before - now < timedelta(hours=28)
    assert one_by_one(Lane.BULK, 3, now + timedelta(days=1, hours=1)) == 1


def test_U32_held_by_the_cap_for_two_days_at_most(news: Message) -> None:
    many_to_one(news, 12)
    assert one_by_one(Lane.BULK, 12) == 7
    for hours in range(1, 60, 6):
        one_by_one(Lane.BULK, 3, timezone.now() + timedelta(hours=hours))
    left = Delivery.objects.exclude(state=DeliveryState.CLAIMED)
    assert set(left.values_list("state", "last_reply")) == {(DeliveryState.EXPIRED, TOO_MANY)}
    assert left.count() == 3  # two of five got a day of their own


def test_J45_an_answer_passes_and_counts(news: Message, message: Message) -> None:
    answers = many_to_one(message, 7)
    assert len(take(Lane.TRANSACTIONAL)) == 7
    assert Pressure.objects.get().level == pytest.approx(7, abs=0.01)
    late = Delivery.objects.get(pk=answers[0].pk)
    late.pk, late.source, late.message, late.lane = None, "news", news, Lane.BULK
    late.state, late.claimed_by, late.counted = DeliveryState.QUEUED, None, False
    late.save(force_insert=True)
    assert take(Lane.BULK) == []
    late.refresh_from_db()
    assert late.held_for == Hold.CAP


def test_J45_a_mail_claimed_again_counts_once(message: Message) -> None:
    many_to_one(message, 1)
    for _ in range(3):
        assert len(take(Lane.TRANSACTIONAL)) == 1
        Delivery.objects.update(state=DeliveryState.QUEUED, claimed_by=None)
    assert Pressure.objects.get().level == pytest.approx(1, abs=0.01)


def test_J46_empty_is_no_cap(news: Message, valmont: Organisation) -> None:
    policy(valmont, cap=None)
    many_to_one(news, 10)
    assert one_by_one(Lane.BULK, 10) == 10


def test_J46_zero_is_never_except_for_answers(
    news: Message, message: Message, valmont: Organisation
) -> None:
    policy(valmont, cap=0)
    (refused,) = many_to_one(news, 1)
    answer = make_delivery(message, "autre@exemple.fr")
    assert take(Lane.BULK) == []
    refused.refresh_from_db()
    assert (refused.state, refused.last_reply) == (DeliveryState.SUPPRESSED, NEVER)
    assert [row.pk for row in take(Lane.TRANSACTIONAL)] == [answer.pk]


@pytest.mark.parametrize(
    ("lane", "zone", "hour", "opens"),
    [
        (Lane.ENGAGEMENT, "Europe/Paris", 19, 19),
        (Lane.ENGAGEMENT, "Europe/Paris", 22, 24 + 7),  # 8 h of Paris, in winter
        (Lane.ENGAGEMENT, "Europe/Paris", 3, 7),
        (Lane.ENGAGEMENT, "Indian/Reunion", 18, 24 + 4),
        (Lane.ENGAGEMENT, "Pacific/Noumea", 23, 23),
        (Lane.ENGAGEMENT, "Nulle/Part", 22, 24 + 7),  # then the organisation's
        (Lane.BULK, "Europe/Paris", 3, 3),
        (Lane.TRANSACTIONAL, "Europe/Paris", 3, 3),
    ],
)
def test_J47_quiet_hours_are_the_readers(
    valmont: Organisation, lane: str, zone: str, hour: int, opens: int
) -> None:
    midnight = datetime(2026, 1, 12, tzinfo=UTC)
    told = opens_at(
        policy=ContactPolicy(organisation=valmont, channel=Channel.EMAIL),
        lane=lane,
        zones=(zone, valmont.time_zone),
        now=midnight + timedelta(hours=hour),
    )
    assert told == midnight + timedelta(hours=opens)


def test_J48_eight_in_the_morning_across_both_changes_of_hour() -> None:
    quiet = ContactPolicy(channel=Channel.EMAIL)
    for evening, morning in (
        (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
    ):
        zones = ("Europe/Paris",)
        assert opens_at(policy=quiet, lane=Lane.ENGAGEMENT, zones=zones, now=evening) == morning


def test_J47_a_step_of_a_journey_waits_for_the_morning(valmont: Organisation) -> None:
    step = make_message(valmont, Lane.ENGAGEMENT, Purpose.ORG_NEWS)
    (row,) = many_to_one(step, 1)
    Person.objects.update(time_zone="Europe/Paris")
    night = (timezone.now() + timedelta(days=1)).replace(hour=2, minute=0)
    assert take(Lane.ENGAGEMENT, night) == []
    row.refresh_from_db()
    assert row.held_for == Hold.QUIET
    assert len(take(Lane.ENGAGEMENT, row.not_before)) == 1


def test_U32_news_leave_by_night_unless_the_policy_says_otherwise(
    news: Message, valmont: Organisation
) -> None:
    many_to_one(news, 2)
    night = (timezone.now() + timedelta(days=1)).replace(hour=2, minute=0)
    assert len(take(Lane.BULK, night)) == 1
    policy(valmont, quiet_in_bulk=True)
    assert take(Lane.BULK, night) == []
