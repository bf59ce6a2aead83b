"""Domains that ask to slow down, routes that count, routes that refuse."""

import asyncio
import uuid
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.claim import claim
from levier.foundation.messaging.actions.stop_route import restart_route, stop_route
from levier.foundation.messaging.enums import DeliveryState, DomainOutcome, Hold, Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.route import DomainPace, RouteState
from levier.foundation.messaging.models.tally import DomainTally
from levier.foundation.messaging.queries.routes import slow_domains, stopped_routes
from levier.foundation.messaging.rules.pace import eased, slowed, waits
from levier.foundation.people.enums import ContactState
from levier.foundation.people.models.person import ContactPoint
from tests.cast import make_user
from tests.foundation.messaging.conftest import make_delivery, make_message, send, sender_to
from tests.foundation.messaging.server import Server

pytestmark = pytest.mark.django_db(transaction=True)


def test_J19_one_slow_domain_delays_only_itself(message: Message, server: Server) -> None:
    for n in range(6):
        address = f"p{n}@lent.example"
        make_delivery(message, address)
        server.script.replies[address, "rcpt"] = "421 4.7.0 too many, slow down"
        make_delivery(message, f"p{n}@vif.example")
    send(server)
    slow = Delivery.objects.filter(contact_point__typed__endswith="lent.example")
    fast = Delivery.objects.filter(contact_point__typed__endswith="vif.example")
    assert set(slow.values_list("state", flat=True)) == {DeliveryState.QUEUED}
    assert set(fast.values_list("state", flat=True)) == {DeliveryState.HANDED}
    pace = slow_domains().get()
    assert (pace.domain, pace.reply) == ("lent.example", "421 4.7.0 too many, slow down")
    assert pace.until > timezone.now()
    figures = DomainTally.objects.filter(outcome=DomainOutcome.HANDED)
    assert dict(figures.values_list("domain", "n")) == {"vif.example": 6}


def test_J19_what_waits_gets_hours_one_after_the_other(message: Message, server: Server) -> None:
    now = timezone.now()
    DomainPace.objects.create(
        domain="lent.example", rate=2, until=now, next_slot=now, refusals=1, reply="", at=now
    )
    for n in range(5):
        make_delivery(message, f"p{n}@lent.example")
    taken = claim(
        lane=Lane.TRANSACTIONAL, worker=uuid.uuid4(), limit=9, now=now + timedelta(hours=1)
    )
    assert len(taken) == 1
    rest = Delivery.objects.filter(state=DeliveryState.QUEUED).order_by("not_before")
    hours = [row.not_before for row in rest]
    assert [b - a for a, b in pairwise(hours)] == [timedelta(seconds=0.5)] * 3
    assert set(rest.values_list("held_for", flat=True)) == {Hold.PACE}
    again = claim(lane=Lane.TRANSACTIONAL, worker=uuid.uuid4(), limit=9, now=hours[-1])
    assert len(again) == 4  # each had its hour


def test_J20_a_domain_goes_faster_again_while_it_takes_mail(now: datetime) -> None:
    pace = slowed(None, domain="lent.example", reply="421", now=now)
    rate, pause = pace.rate, pace.until - now
    assert slowed(pace, domain="lent.example", reply="421", now=now).rate == rate  # said once
    later = pace.until + timedelta(seconds=1)
    slowed(pace, domain="lent.example", reply="421", now=later)
    assert (pace.rate, pace.until - later) == (rate / 2, pause * 2)
    assert eased(pace, taken=10, now=pace.until + timedelta(seconds=1))
    assert pace.rate > rate / 2
    assert not eased(pace, taken=500, now=pace.until + timedelta(seconds=1))


def test_J20_hours_are_not_given_far_ahead(now: datetime) -> None:
    pace = DomainPace(domain="x", rate=1, until=now, next_slot=now, refusals=0)
    told = waits(pace, had_their_hour=[False] * 2_000, now=now)
    assert told[0] is None
    assert {wait.hold for wait in told if wait} == {Hold.PACE, Hold.SERVER}
    assert max(wait.until for wait in told if wait) <= now + timedelta(minutes=20)


def test_J18_a_limit_of_thirty_a_minute_holds_over_an_hour_with_restarts(message: Message) -> None:
    for n in range(200):
        make_delivery(message, f"p{n}@exemple.fr")
    start, taken = timezone.now(), []
    for second in range(0, 240, 2):
        at = start + timedelta(seconds=second)
        rows = claim(
            lane=Lane.TRANSACTIONAL,
            worker=uuid.uuid4(),  # another process each time
            limit=500,
            now=at,
            route="r",
            per_minute=30,
        )
        taken += [second] * len(rows)
    for begin in range(180):
        assert sum(begin <= second < begin + 60 for second in taken) <= 30
    assert len(taken) > 100  # and it is used


def test_J21_a_route_that_refuses_on_principle_is_stopped_until_a_person_restarts_it(
    message: Message, server: Server, valmont: Organisation
) -> None:
    deliveries = [make_delivery(message, f"p{n}@exemple.fr") for n in range(6)]
    for n in range(6):
        server.script.replies[f"p{n}@exemple.fr", "rcpt"] = "550 5.7.1 relaying denied"
    sender = sender_to(server)

    async def insist() -> None:
        for _ in range(4):
            sender.brake.release()
            await sender.drain()

    asyncio.run(insist())
    (stopped,) = stopped_routes()
    assert (stopped.lane, stopped.reply) == (Lane.TRANSACTIONAL, "550 5.7.1 relaying denied")
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.QUEUED}
    assert set(ContactPoint.objects.values_list("state", flat=True)) == {ContactState.OK}

    server.script.replies.clear()
    Delivery.objects.update(not_before=timezone.now())
    send(server)
    assert server.taken == []
    by = make_user("aicha@valmont.example", "Aïcha", valmont)
    restart_route(route=stopped.route, lane=stopped.lane, by=by, now=timezone.now())
    send(server)
    assert len(server.taken) == len(deliveries)
    assert RouteState.objects.get().restarted_by == by


def test_J21_other_lanes_go_on(message: Message) -> None:
    make_delivery(message)
    stop_route(route="r", lane=Lane.BULK, reply="550 5.7.1", now=timezone.now())
    now = timezone.now()
    assert claim(lane=Lane.TRANSACTIONAL, worker=uuid.uuid4(), limit=1, now=now, route="r")


def test_J21_one_mail_refused_on_principle_among_others_fails_alone(
    message: Message, server: Server
) -> None:
    server.script.replies["spam@exemple.fr", "dot"] = "554 5.7.1 looks like spam"
    odd = make_delivery(message, "spam@exemple.fr")
    for n in range(6):
        make_delivery(message, f"p{n}@exemple.fr", source=f"n:{n}")
        Delivery.objects.filter(state=DeliveryState.QUEUED).update(not_before=timezone.now())
        send(server)
    odd.refresh_from_db()
    assert (odd.state, odd.attempts) == (DeliveryState.FAILED, 5)
    assert not stopped_routes().exists()
    assert ContactPoint.objects.get(typed="spam@exemple.fr").state == ContactState.OK


def test_J20_greylisting_only_costs_time(valmont: Organisation, server: Server) -> None:
    message = make_message(valmont)
    for n in range(5):
        make_delivery(message, f"p{n}@exemple.fr")
        server.script.once[f"p{n}@exemple.fr", "rcpt"] = "450 4.2.0 greylisted, come back"
    send(server)
    assert server.taken == []
    assert set(Delivery.objects.values_list("held_for", flat=True)) == {Hold.SERVER}
    Delivery.objects.update(not_before=timezone.now())
    send(server)
    assert sorted(server.recipients) == [f"p{n}@exemple.fr" for n in range(5)]
    assert set(Delivery.objects.values_list("state", "attempts")) == {("handed", 2)}
