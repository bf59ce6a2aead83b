"""Notices of deliveries: in whatever order and however often they come, they end the same."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levier.foundation.messaging.actions.acknowledge import Outcome, acknowledge
from levier.foundation.messaging.actions.record_events import (
    Recorded,
    record_event,
    record_events,
)
from levier.foundation.messaging.enums import DeliveryState, EventKind
from levier.foundation.messaging.models.delivery import Delivery, DeliveryEvent
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.rules.notices import Notice, kind_of_failure
from levier.foundation.messaging.rules.outcomes import WORN_OUT
from levier.foundation.messaging.rules.replies import Verdict
from levier.foundation.people.enums import ActivityKind, ContactState
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.models.suppression import Suppression
from tests.foundation.messaging.conftest import make_delivery

SOFT, HARD = EventKind.SOFT_BOUNCE, EventKind.HARD_BOUNCE
DELIVERED, COMPLAINT, REJECTED = EventKind.DELIVERED, EventKind.COMPLAINT, EventKind.REJECTED
DAY = timedelta(days=1)


def sent(message: Message, n: int, now: datetime) -> list[Delivery]:
    """Mails to one address, one a day, each handed over."""
    first = make_delivery(message)
    others = [
        Delivery(
            message=message,
            person=first.person,
            contact_point=first.contact_point,
            source=f"test:{k}",
            lane=message.lane,
            not_before=now,
            expires_at=now + DAY,
            created_at=now,
        )
        for k in range(1, n)
    ]
    rows = [first, *Delivery.objects.bulk_create(others)]
    Delivery.objects.update(state=DeliveryState.HANDED, finished_at=now)
    return rows


def notice(delivery: Delivery, kind: str, at: datetime, provider: str = "brevo") -> Notice:
    key = f"{delivery.pk}:{kind}:{at.timestamp()}"
    return Notice(provider=provider, key=key, delivery=delivery.pk, kind=kind, at=at, reply=kind)


def address(delivery: Delivery) -> tuple[str, str]:
    point = ContactPoint.objects.get(pk=delivery.contact_point_id)
    return point.state, point.state_reason


def tell(notices: Sequence[Notice], now: datetime) -> None:
    for one in notices:
        record_event(notice=one, now=now)


@pytest.mark.django_db
def test_J25_three_soft_bounces_in_thirty_days_make_a_dead_address(
    message: Message, now: datetime
) -> None:
    rows = sent(message, 3, now)
    for k, row in enumerate(rows[:2]):
        record_event(notice=notice(row, SOFT, now + k * 10 * DAY), now=now + k * 10 * DAY)
        assert address(row) == (ContactState.SOFT, "soft_bounce")
    late = now + 29 * DAY
    record_event(notice=notice(rows[2], SOFT, late), now=late)
    assert address(rows[0]) == (ContactState.HARD, WORN_OUT)
    assert Activity.objects.filter(kind=ActivityKind.BOUNCED).count() == 1


@pytest.mark.django_db
def test_J25_three_soft_bounces_over_a_longer_time_do_not(message: Message, now: datetime) -> None:
    rows = sent(message, 3, now)
    tell([notice(row, SOFT, now + k * 16 * DAY) for k, row in enumerate(rows)], now + 40 * DAY)
    assert address(rows[0]) == (ContactState.SOFT, "soft_bounce")


@pytest.mark.django_db
def test_J25_one_mail_refused_three_times_counts_once(message: Message, now: datetime) -> None:
    (row,) = sent(message, 1, now)
    tell([notice(row, SOFT, now + k * DAY) for k in range(3)], now + 5 * DAY)
    assert address(row)[0] == ContactState.SOFT


@pytest.mark.django_db
def test_J25_a_success_clears(message: Message, now: datetime) -> None:
    rows = sent(message, 5, now)
    told = [notice(row, SOFT, now + k * DAY) for k, row in enumerate(rows[:2])]
    told.append(notice(rows[2], DELIVERED, now + 2 * DAY))
    tell(told, now + 3 * DAY)
    assert address(rows[0]) == (ContactState.OK, "")
    told = [notice(row, SOFT, now + (3 + k) * DAY) for k, row in enumerate(rows[3:])]
    tell(told, now + 6 * DAY)
    assert address(rows[0])[0] == ContactState.SOFT


@pytest.mark.django_db
def test_J25_a_full_mailbox_told_by_our_own_route_counts_too(
    message: Message, now: datetime
) -> None:
    rows, worker = sent(message, 3, now), uuid.uuid4()
    Delivery.objects.update(
        state=DeliveryState.CLAIMED, claimed_by=worker, claimed_at=now, finished_at=None
    )
    seen = []
    for row in rows:
        held = Delivery.objects.select_related("message__organisation", "contact_point")
        outcome = Outcome(
            delivery=held.get(pk=row.pk), verdict=Verdict.FULL_MAILBOX, reply="552 5.2.2 plein"
        )
        acknowledge(worker=worker, outcomes=[outcome], now=now)
        seen.append(address(row)[0])
    assert seen == [ContactState.SOFT, ContactState.SOFT, ContactState.HARD]


@pytest.mark.django_db
def test_J25_no_news_for_five_days_is_a_success(message: Message, now: datetime) -> None:
    rows = sent(message, 4, now)
    tell([notice(row, SOFT, now - (3 - k) * DAY) for k, row in enumerate(rows[:2])], now)
    assert address(rows[0])[0] == ContactState.SOFT
    later = now + 6 * DAY  # rows[3] was handed over six days ago, and nothing came back
    record_event(notice=notice(rows[2], SOFT, later), now=later)
    assert address(rows[0]) == (ContactState.SOFT, "soft_bounce")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kinds", "state", "point"),
    [
        ((SOFT, DELIVERED), DeliveryState.DELIVERED, ContactState.OK),
        ((DELIVERED, HARD), DeliveryState.BOUNCED, ContactState.HARD),
        ((DELIVERED, COMPLAINT), DeliveryState.COMPLAINED, ContactState.COMPLAINT),
        ((HARD, COMPLAINT), DeliveryState.COMPLAINED, None),
        ((DELIVERED, REJECTED, SOFT), DeliveryState.BOUNCED, ContactState.SOFT),
    ],
)
def test_J26_in_whatever_order_and_however_often(
    message: Message, now: datetime, kinds: tuple[str, ...], state: str, point: str | None
) -> None:
    told_at = [(kind, now + k * timedelta(hours=1)) for k, kind in enumerate(kinds)]
    seen = set()
    for order in permutations(told_at):
        (row,) = sent(message, 1, now)
        told = [notice(row, kind, at) for kind, at in order]
        tell([*told, *told], now + DAY)
        row.refresh_from_db()
        seen.add((row.state, address(row)[0]))
        assert DeliveryEvent.objects.count() == len(kinds)
        Delivery.objects.all().delete()
        ContactPoint.objects.all().delete()
    assert {one for one, _ in seen} == {state}
    if point is not None:
        assert seen == {(state, point)}


@pytest.mark.django_db
def test_J26_soft_bounces_and_a_success_end_the_same_in_every_order(
    message: Message, now: datetime
) -> None:
    seen = set()
    for order in permutations(range(4)):
        rows = sent(message, 4, now)
        kinds = (SOFT, SOFT, DELIVERED, SOFT)
        told = [notice(rows[k], kinds[k], now + k * DAY) for k in order]
        tell(told, now + 5 * DAY)
        seen.add(address(rows[0])[0])
        Delivery.objects.all().delete()
        ContactPoint.objects.all().delete()
    assert seen == {ContactState.SOFT}


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["notice", "record"])
def test_J26_before_our_own_record_or_after_it(message: Message, now: datetime, first: str) -> None:
    row, worker = make_delivery(message), uuid.uuid4()
    Delivery.objects.update(state=DeliveryState.CLAIMED, claimed_by=worker, claimed_at=now)
    row = Delivery.objects.select_related("message__organisation", "contact_point").get(pk=row.pk)
    told = notice(row, HARD, now)

    def record() -> None:
        outcome = Outcome(delivery=row, verdict=Verdict.HANDED, reply="250 2.0.0 Ok")
        acknowledge(worker=worker, outcomes=[outcome], now=now)

    steps = [lambda: record_event(notice=told, now=now), record]
    for step in steps if first == "notice" else reversed(steps):
        step()
    assert Delivery.objects.get().state == DeliveryState.BOUNCED
    assert address(row)[0] == ContactState.HARD


@pytest.mark.django_db
def test_J26_a_delivery_that_is_not_here_changes_nothing(message: Message, now: datetime) -> None:
    (row,) = sent(message, 1, now)
    strange = Notice(provider="brevo", key="x", delivery=row.pk + 9, kind=HARD, at=now)
    done = record_events(notices=[strange, notice(row, SOFT, now)], now=now)
    assert done == Recorded(new=1, again=0, strange=1)
    assert record_events(notices=[notice(row, SOFT, now)], now=now) == Recorded(again=1)
    assert DeliveryEvent.objects.count() == 1


@pytest.mark.django_db
def test_J25_a_blocked_or_waiting_address_is_left_as_it_is(message: Message, now: datetime) -> None:
    (row,) = sent(message, 1, now)
    for state in (ContactState.BLOCKED, ContactState.PENDING, ContactState.FORMER):
        ContactPoint.objects.update(state=state)
        record_event(notice=notice(row, HARD, now, provider=state), now=now)
        assert address(row)[0] == state


@pytest.mark.django_db
def test_J3_a_complaint_suppresses_the_address_even_once_replaced(
    message: Message, now: datetime
) -> None:
    (row,) = sent(message, 1, now)
    record_event(notice=notice(row, COMPLAINT, now), now=now)
    before = Suppression.objects.get().canonical_hmac
    Suppression.objects.all().delete()
    ContactPoint.objects.update(state=ContactState.FORMER, canonical="former:1")
    record_event(notice=notice(row, COMPLAINT, now, provider="arf"), now=now)
    assert bytes(Suppression.objects.get().canonical_hmac) == bytes(before)


@pytest.mark.django_db
def test_J26_a_thousand_notices_cost_the_statements_of_three(
    message: Message, now: datetime
) -> None:
    counts = []
    for n in (3, 30):
        rows = sent(message, n, now)
        with CaptureQueriesContext(connection) as queries:
            record_events(notices=[notice(row, DELIVERED, now) for row in rows], now=now)
        counts.append(len(queries))
        Delivery.objects.all().delete()
        ContactPoint.objects.all().delete()
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "", HARD),
        ("5.0.0", "550 5.1.1 User unknown", HARD),
        ("5.4.4", "Host or domain name not found. Name service error", HARD),
        ("5.4.310", "550 5.4.310 DNS domain exemple.fr does not exist", HARD),
        ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)", HARD),
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled", HARD),
        ("5.2.2", "552 5.2.2 Mailbox full", SOFT),
        ("5.0.0", "550 Over quota", SOFT),
        ("4.4.7", "delivery time expired", SOFT),
        ("5.4.7", "delivery time expired", SOFT),
        ("5.7.1", "550 5.7.1 Service unavailable, client host blocked using Spamhaus", REJECTED),
        ("5.7.1", "554 5.7.1 <x@y.fr>: Recipient address rejected: Access denied", REJECTED),
        ("5.0.0", "554 Message rejected as spam", REJECTED),
        ("5.6.0", "554 5.6.0 Malformed", REJECTED),
        ("", "", REJECTED),
    ],
)
def test_J21_a_refusal_of_policy_marks_nobody(status: str, said: str, kind: str) -> None:
    assert kind_of_failure(status, said) == kind
