"""From the queue to a server that misbehaves in every way it can."""

import asyncio
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.enums import DeliveryState, EventKind, Lane
from levier.foundation.messaging.models.delivery import Delivery, DeliveryEvent
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.rules.identity import delivery_in
from levier.foundation.people.enums import ActivityKind, Channel, ContactState, Purpose
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import ContactPoint
from tests.foundation.messaging.conftest import (
    make_delivery,
    make_message,
    send,
    sender_to,
)
from tests.foundation.messaging.server import Server

pytestmark = pytest.mark.django_db(transaction=True)
LEO = "leo@exemple.fr"


def fresh(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


def due_now(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(not_before=timezone.now())


def test_a_mail_arrives_whole(message: Message, server: Server) -> None:
    delivery = make_delivery(message)
    send(server)

    ((sender, recipient, mail),) = server.taken
    assert (sender, recipient) == ("bonjour@valmont-a-velo.example", "camille@exemple.fr")
    assert mail["From"] == "Valmont à vélo <bonjour@valmont-a-velo.example>"
    assert mail["To"] == "camille@exemple.fr"
    assert mail["Subject"] == "Votre page personnelle chez Valmont à vélo"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert delivery_in(mail["Message-ID"]) == delivery.pk
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Bonjour Camille," in plain.get_content()
    assert "https://exemple.fr/moi/x/" in html.get_content()
    row = fresh(delivery)
    assert (row.state, row.attempts, row.last_reply) == (
        DeliveryState.HANDED,
        1,
        "250 2.0.0 taken",
    )


def test_commands_are_grouped_on_one_kept_connection(message: Message, server: Server) -> None:
    for n in range(5):
        make_delivery(message, f"personne{n}@exemple.fr")
    send(server)
    assert len(server.taken) == 5
    assert server.connections == 1
    assert server.groups.count(["MAIL FROM", "RCPT TO", "DATA"]) == 5


def test_a_server_without_extensions_gets_one_command_at_a_time(
    message: Message, server: Server
) -> None:
    server.script.extensions = ()
    server.script.replies[LEO, "rcpt"] = "550 5.1.1 unknown"
    make_delivery(message, LEO)
    make_delivery(message)
    send(server)
    assert server.recipients == ["camille@exemple.fr"]
    assert ["MAIL FROM"] in server.groups
    assert ["RCPT TO"] in server.groups
    assert all(byte < 128 for byte in server.raw[0])


def test_J20_a_4xx_is_tried_again_later_and_later(message: Message, server: Server) -> None:
    server.script.replies[LEO, "rcpt"] = "450 4.2.1 come back"
    delivery, other = make_delivery(message, LEO), make_delivery(message)
    send(server)
    first = fresh(delivery)
    assert (first.state, first.attempts) == (DeliveryState.QUEUED, 1)
    first_wait = first.not_before - timezone.now()
    assert timedelta(seconds=15) < first_wait < timedelta(seconds=21)
    assert fresh(other).state == DeliveryState.HANDED

    due_now(delivery)
    send(server)
    assert fresh(delivery).not_before - timezone.now() > first_wait * 2

    server.script.replies.clear()
    due_now(delivery)
    send(server)
    assert fresh(delivery).state == DeliveryState.HANDED


def test_J20_a_4xx_is_given_up_at_expiry(message: Message, server: Server) -> None:
    delivery = make_delivery(message, LEO)
    Delivery.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    send(server)
    assert fresh(delivery).state == DeliveryState.EXPIRED
    assert server.taken == []


def test_J20_421_slows_the_whole_route(message: Message, server: Server) -> None:
    server.script.replies[LEO, "rcpt"] = "421 4.3.2 going down"
    delivery, other = make_delivery(message, LEO), make_delivery(message)
    sender = send(server)
    assert fresh(delivery).state == fresh(other).state == DeliveryState.QUEUED
    assert (delivery.attempts, other.attempts) == (1, 0)
    assert sender.brake.failures == 1


def test_J21_an_unknown_address_is_marked_and_nobody_else(message: Message, server: Server) -> None:
    server.script.replies[LEO, "rcpt"] = "550 5.1.1 no such user"
    delivery = make_delivery(message, LEO, source="signature:7:thanks")
    other = make_delivery(message)
    send(server)

    row = fresh(delivery)
    assert (row.state, row.last_reply) == (DeliveryState.BOUNCED, "550 5.1.1 no such user")
    assert fresh(other).state == DeliveryState.HANDED
    states = dict(ContactPoint.objects.values_list("typed", "state"))
    assert states == {LEO: ContactState.HARD, "camille@exemple.fr": ContactState.OK}
    event = DeliveryEvent.objects.get()
    assert (event.kind, event.delivery_id) == (EventKind.HARD_BOUNCE, delivery.pk)
    told = Activity.objects.get(kind=ActivityKind.BOUNCED)
    assert told.data is not None
    assert told.data["source"] == "signature:7:thanks"
    assert told.person_id == delivery.person_id


def test_J7_a_bounce_stops_the_address_at_the_next_claim(message: Message, server: Server) -> None:
    server.script.replies[LEO, "rcpt"] = "550 5.1.1 no such user"
    make_delivery(message, LEO)
    send(server)
    server.script.replies.clear()
    point = ContactPoint.objects.get(typed=LEO)
    later = Delivery.objects.get(contact_point=point)
    later.pk, later.source, later.state = None, "another", DeliveryState.QUEUED
    later.save()
    send(server)
    assert fresh(later).state == DeliveryState.SUPPRESSED
    assert server.taken == []


def test_J21_5_7_stops_the_route_and_marks_nobody(message: Message, server: Server) -> None:
    server.script.replies[LEO, "rcpt"] = "554 5.7.1 relay access denied"
    delivery, other = make_delivery(message, LEO), make_delivery(message)
    sender = send(server)
    assert fresh(delivery).state == fresh(other).state == DeliveryState.QUEUED
    assert sender.brake.failures == 1
    assert set(ContactPoint.objects.values_list("state", flat=True)) == {ContactState.OK}
    assert server.taken == []


def test_J21_554_on_one_recipient_touches_only_that_one(message: Message, server: Server) -> None:
    server.script.replies[LEO, "rcpt"] = "554 rejected"
    delivery, other = make_delivery(message, LEO), make_delivery(message)
    send(server)
    assert fresh(delivery).state == DeliveryState.FAILED
    assert fresh(other).state == DeliveryState.HANDED
    assert set(ContactPoint.objects.values_list("state", flat=True)) == {ContactState.OK}


def test_a_full_mailbox_is_not_a_dead_address(message: Message, server: Server) -> None:
    server.script.replies[LEO, "rcpt"] = "552 5.2.2 mailbox full"
    make_delivery(message, LEO)
    send(server)
    assert ContactPoint.objects.get().state == ContactState.SOFT
    assert not Activity.objects.filter(kind=ActivityKind.BOUNCED).exists()


@pytest.mark.parametrize("stage", ["data", "dot"])
def test_a_refused_content_marks_no_address(message: Message, server: Server, stage: str) -> None:
    server.script.replies[LEO, stage] = "550 5.6.0 not this"
    delivery, other = make_delivery(message, LEO), make_delivery(message)
    send(server)
    assert fresh(delivery).state == DeliveryState.FAILED
    assert DeliveryEvent.objects.get().kind == EventKind.REJECTED
    assert ContactPoint.objects.get(typed=LEO).state == ContactState.OK
    assert fresh(other).state == DeliveryState.HANDED


def test_a_refused_sender_is_the_routes_fault(message: Message, server: Server) -> None:
    server.script.replies["*", "mail"] = "550 5.1.8 bad sender"
    delivery = make_delivery(message)
    sender = send(server)
    assert fresh(delivery).state == DeliveryState.QUEUED
    assert sender.brake.failures == 1


def test_J22_cut_after_the_final_dot_is_sent_again_with_the_same_identity(
    message: Message, server: Server
) -> None:
    server.script.cut_after_dot = {LEO}
    delivery, other = make_delivery(message, LEO), make_delivery(message)
    send(server)
    assert fresh(delivery).state == DeliveryState.QUEUED
    Delivery.objects.update(not_before=timezone.now())
    send(server)
    assert fresh(delivery).state == fresh(other).state == DeliveryState.HANDED
    identities = [mail["Message-ID"] for _, to, mail in server.taken if to == LEO]
    assert len(identities) == 2
    assert len(set(identities)) == 1


def test_J22_cut_after_the_final_dot_is_unknown_in_bulk(
    server: Server, valmont: Organisation
) -> None:
    bulk = make_message(valmont, Lane.BULK, Purpose.ORG_NEWS)
    delivery = make_delivery(bulk, LEO)
    ConsentState.objects.create(
        person=delivery.person,
        channel=Channel.EMAIL,
        purpose=Purpose.ORG_NEWS,
        given=True,
        at=timezone.now(),
    )
    server.script.cut_after_dot = {LEO}
    send(server, Lane.BULK)
    assert fresh(delivery).state == DeliveryState.UNKNOWN
    send(server, Lane.BULK)
    assert len(server.taken) == 1


@pytest.mark.parametrize("goodbye", ["", "421 4.7.0 enough on this connection"])
def test_a_server_that_closes_after_some_mails_gets_them_all(
    message: Message, server: Server, goodbye: str
) -> None:
    server.script.mails_per_connection, server.script.goodbye = 2, goodbye
    for n in range(7):
        make_delivery(message, f"personne{n}@exemple.fr")
    send(server)
    assert sorted(server.recipients) == [f"personne{n}@exemple.fr" for n in range(7)]
    assert server.connections == 4
    assert set(Delivery.objects.values_list("state", "attempts")) == {("handed", 1)}


def test_a_server_that_is_down_costs_no_attempt_and_loses_nothing(
    message: Message, server: Server
) -> None:
    deliveries = [make_delivery(message, f"personne{n}@exemple.fr") for n in range(3)]
    server.down()
    sender = send(server)
    assert sender.brake.failures == 1
    assert {(fresh(d).state, d.attempts) for d in deliveries} == {("queued", 0)}
    server.up()
    send(server)
    assert {fresh(d).state for d in deliveries} == {"handed"}
    assert len(server.taken) == 3


def test_pauses_grow_and_stay_under_thirty_seconds() -> None:
    async def pauses() -> list[float]:
        brake = sender_to(Server()).brake
        return [brake.press() for _ in range(8)]

    assert asyncio.run(pauses()) == [1, 2, 4, 8, 16, 30, 30, 30]


def test_J2_a_slow_server_does_not_outrun_a_refusal(message: Message, server: Server) -> None:
    """What waited long in a claim is judged again: the second address dies meanwhile."""
    server.script.slow = 2.2
    make_delivery(message)
    late = make_delivery(message, LEO)
    sender = sender_to(server)

    async def scene() -> None:
        sending = asyncio.create_task(sender.drain())
        while late.state != DeliveryState.CLAIMED:
            await asyncio.sleep(0.05)
            await asyncio.to_thread(fresh, late)
        dead = ContactPoint.objects.filter(typed=LEO)
        await asyncio.to_thread(dead.update, state=ContactState.BLOCKED)
        await sending

    asyncio.run(scene())
    assert fresh(late).state == DeliveryState.SUPPRESSED
    assert server.recipients == ["camille@exemple.fr"]


def test_J28_news_carry_both_ways_to_unsubscribe(server: Server, valmont: Organisation) -> None:
    bulk = make_message(valmont, Lane.BULK, Purpose.PETITION_NEWS)
    delivery = make_delivery(bulk)
    ConsentState.objects.create(
        person=delivery.person,
        channel=Channel.EMAIL,
        purpose=Purpose.PETITION_NEWS,
        scope=bulk.source,
        given=True,
        at=timezone.now(),
    )
    send(server, Lane.BULK)
    ((_, _, mail),) = server.taken
    assert re.fullmatch(
        r"<http://testserver/desabonnement/[\w-]+/>,\s+"
        r"<mailto:bonjour@valmont-a-velo\.example\?subject=desabonnement%20[\w-]+>",
        mail["List-Unsubscribe"],
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_J11_an_address_in_unicode_is_sent_where_the_server_takes_it(
    message: Message, server: Server
) -> None:
    make_delivery(message, "andré@éxemple.fr")
    send(server)
    assert server.recipients == ["andré@xn--xemple-9ua.fr"]


def test_J11_and_refused_clearly_where_it_does_not(message: Message, server: Server) -> None:
    server.script.extensions = ("PIPELINING",)
    odd = make_delivery(message, "andré@exemple.fr")
    domain = make_delivery(message, "andre@éxemple.fr")
    send(server)
    assert fresh(odd).state == DeliveryState.FAILED
    assert "Cette adresse ne peut pas être utilisée" in odd.last_reply
    assert fresh(domain).state == DeliveryState.HANDED
    assert server.recipients == ["andre@xn--xemple-9ua.fr"]


def test_J11_lines_that_begin_with_a_dot_arrive(message: Message, server: Server) -> None:
    make_delivery(message, my_url="https://exemple.fr/\n.\n..\nQUIT")
    make_delivery(message, LEO)
    send(server)
    body = server.taken[0][2].get_body(("plain",))
    assert body is not None
    assert "https://exemple.fr/\n.\n..\nQUIT\n" in body.get_content().replace("\r\n", "\n")
    assert server.recipients == ["camille@exemple.fr", LEO]


def test_one_impossible_mail_does_not_stop_the_others(message: Message, server: Server) -> None:
    broken, good = make_delivery(message, "a@b c"), make_delivery(message)
    Delivery.objects.filter(pk=broken.pk).update(context={})
    send(server)
    assert fresh(broken).state == DeliveryState.FAILED
    assert fresh(good).state == DeliveryState.HANDED


def test_a_lane_sends_only_its_own(message: Message, server: Server) -> None:
    make_delivery(message)
    send(server, Lane.ENGAGEMENT)
    assert server.taken == []
