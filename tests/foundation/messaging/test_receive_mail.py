"""What comes back: non-delivery reports, complaints, unsubscriptions by mail."""

import io
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, strategies
from hypothesis import settings as budget
from pytest_django import Settings

from levier.foundation.messaging.actions.receive_mail import Received, receive_mail
from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery, DeliveryEvent
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.rules.addresses import unsubscribe_token
from levier.foundation.messaging.rules.reports import read_returned
from levier.foundation.messaging.rules.return_path import delivery_at, return_path
from levier.foundation.people.enums import ActivityKind, Channel, ContactState, Purpose
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.models.suppression import Suppression
from tests.foundation.messaging.conftest import make_delivery, make_point
from tests.foundation.messaging.returned import DOMAIN, returned


@pytest.fixture(autouse=True)
def collected(settings: Settings) -> None:
    settings.BOUNCE_DOMAIN = DOMAIN


@pytest.fixture
def handed(message: Message, now: datetime) -> Delivery:
    delivery = make_delivery(message)
    Delivery.objects.update(state=DeliveryState.HANDED, finished_at=now)
    return delivery


def after(delivery: Delivery) -> tuple[str, str]:
    """The state of the delivery, and of its address."""
    delivery.refresh_from_db()
    return delivery.state, ContactPoint.objects.get(pk=delivery.contact_point_id).state


BOUNCED, FAILED = DeliveryState.BOUNCED, DeliveryState.FAILED
HARD, SOFT, OK = ContactState.HARD, ContactState.SOFT, ContactState.OK


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mail", "state", "address", "said"),
    [
        ("postfix_unknown_user", BOUNCED, HARD, "550 5.1.1"),
        ("postfix_gave_up", BOUNCED, SOFT, "Connection timed out"),
        ("exchange_not_found", BOUNCED, HARD, "RESOLVER.ADR.RecipientNotFound"),
        ("exchange_edge", BOUNCED, HARD, "Access denied"),
        ("gmail_over_quota", BOUNCED, SOFT, "552-5.2.2"),
        ("gmail_policy", FAILED, OK, "5.7.26"),
        ("orange_invalid", BOUNCED, HARD, "OFR_416"),
        ("orange_prose", BOUNCED, HARD, "550 5.1.1"),
    ],
)
def test_J25_a_report_says_what_became_of_the_address(
    handed: Delivery, now: datetime, mail: str, state: str, address: str, said: str
) -> None:
    became = receive_mail(raw=returned(mail, handed.pk), now=now + timedelta(days=1))
    assert became is Received.RECORDED
    assert after(handed) == (state, address)
    assert said in DeliveryEvent.objects.get().reply
    assert said in handed.last_reply


@pytest.mark.django_db
@pytest.mark.parametrize("mail", ["postfix_delayed", "out_of_office"])
def test_J25_a_delay_or_an_absence_is_no_bounce(handed: Delivery, now: datetime, mail: str) -> None:
    assert receive_mail(raw=returned(mail, handed.pk), now=now) is Received.NOTHING
    assert after(handed) == (DeliveryState.HANDED, OK)
    assert not DeliveryEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("mail", ["arf_outlook", "arf_redacted"])
def test_J25_a_complaint_is_a_refusal_of_everything(
    handed: Delivery, now: datetime, mail: str
) -> None:
    for _ in range(2):
        assert receive_mail(raw=returned(mail, handed.pk), now=now) is Received.RECORDED
    assert after(handed) == (DeliveryState.COMPLAINED, ContactState.COMPLAINT)
    refusal = Suppression.objects.get()
    assert (refusal.channel, refusal.reason, refusal.scope) == (Channel.EMAIL, "complaint", "")
    told = Activity.objects.get(kind=ActivityKind.COMPLAINED)
    assert (told.person_id, told.data) == (handed.person_id, {"source": "test"})


@pytest.mark.django_db
def test_J24_the_address_names_the_delivery_whatever_the_report_leaves_out(
    handed: Delivery, now: datetime
) -> None:
    other = make_delivery(handed.message, "autre@exemple.fr", "other")
    lies = returned("exchange_not_found", other.pk, ours="<rien@ailleurs.example>")
    mail = lies.replace(b"camille@exemple.fr", b"transferee@ailleurs.example")
    receive_mail(raw=mail.replace(b"To: <retour", b"X-Nobody: <retour"), now=now)
    assert not DeliveryEvent.objects.exists()
    to = return_path(handed.pk, sender="")
    assert receive_mail(raw=mail, recipient=to, now=now) is Received.RECORDED
    assert after(handed) == (BOUNCED, HARD)
    assert after(other)[1] == OK


@pytest.mark.django_db
def test_J24_without_a_signed_address_our_message_id_names_it(
    handed: Delivery, now: datetime
) -> None:
    mail = returned("exchange_not_found", handed.pk, verp="bonjour@valmont-a-velo.example")
    assert receive_mail(raw=mail, now=now) is Received.RECORDED
    assert after(handed) == (BOUNCED, HARD)


@pytest.mark.django_db
def test_J24_a_forged_address_names_nothing(handed: Delivery, now: datetime) -> None:
    true = return_path(handed.pk, sender="")
    forged = true.replace(str(handed.pk), str(handed.pk + 1), 1)
    assert delivery_at(true.upper()) == delivery_at(f"<{true}>") == handed.pk
    assert delivery_at(true.replace("@", "+auto@")) == handed.pk
    assert delivery_at(forged) is delivery_at("") is delivery_at("retour-1-@x") is None
    mail = returned("postfix_unknown_user", handed.pk, verp=forged, ours="<x@y.example>")
    assert receive_mail(raw=mail, now=now) is Received.UNREADABLE
    assert after(handed) == (DeliveryState.HANDED, OK)


def test_J24_without_a_domain_the_organisation_gets_its_returns(settings: Settings) -> None:
    settings.BOUNCE_DOMAIN = ""
    assert return_path(12, sender="bonjour@valmont.example") == "bonjour@valmont.example"


@pytest.mark.django_db
def test_J26_a_report_of_a_delivery_that_is_not_here_changes_nothing(
    handed: Delivery, now: datetime
) -> None:
    mail = returned("postfix_unknown_user", handed.pk + 999)
    assert receive_mail(raw=mail, now=now) is Received.STRANGE
    assert not DeliveryEvent.objects.exists()
    assert after(handed) == (DeliveryState.HANDED, OK)


@pytest.mark.django_db
def test_J7_the_bounce_belongs_to_the_address_not_to_the_person(
    handed: Delivery, now: datetime
) -> None:
    second = make_point(handed.message.organisation, "camille@travail.example")
    ContactPoint.objects.filter(pk=second.pk).update(person=handed.person_id)
    receive_mail(raw=returned("postfix_unknown_user", handed.pk), now=now)
    states = ContactPoint.objects.filter(person=handed.person_id).order_by("pk")
    assert list(states.values_list("state", flat=True)) == [HARD, OK]
    assert Activity.objects.filter(kind=ActivityKind.BOUNCED).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("folded", [False, True])
def test_J28_an_unsubscription_sent_by_mail(message: Message, now: datetime, folded: bool) -> None:
    delivery = make_delivery(message)
    token = unsubscribe_token(person=delivery.person_id, purpose=Purpose.ORG_NEWS, now=now)
    subject = f"desabonnement {token}"
    if folded:
        subject = f"Desabonnement {token[:40]}\r\n {token[40:]}"
    mail = f"From: camille@exemple.fr\r\nTo: desabonnement@{DOMAIN}\r\nSubject: {subject}\r\n\r\n"
    for _ in range(2):
        assert receive_mail(raw=mail.encode(), now=now) is Received.LEFT
    assert Activity.objects.filter(kind=ActivityKind.UNSUBSCRIBED).count() == 1


def test_J28_a_wrong_token_is_left_for_a_person(db: None, now: datetime) -> None:
    mail = b"From: x@y.example\r\nSubject: desabonnement nimporte-quoi\r\n\r\nAssez."
    assert receive_mail(raw=mail, now=now) is Received.UNREADABLE


@budget(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=strategies.binary(max_size=300), cut=strategies.integers(0, 2_500))
def test_J25_nothing_that_arrives_breaks_the_reader(noise: bytes, cut: int, now: datetime) -> None:
    whole = returned("gmail_over_quota", 7)
    for raw in (noise, whole[:cut] + noise, noise + whole, whole[:cut] + noise + whole[cut:]):
        assert read_returned(raw, now=now) is not None


@pytest.mark.django_db
def test_J25_a_pipe_gives_the_mail_to_the_command(
    handed: Delivery, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for mail, said in (
        (returned("postfix_unknown_user", handed.pk), "noté"),
        (b"Subject: Bonjour\r\n\r\nMerci !", "à lire par une personne"),
        (b"\xff\xfe\x00", "à lire par une personne"),
    ):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(mail)))
        call_command("receivebounce")
        assert said in capsys.readouterr().out
    assert after(handed) == (BOUNCED, HARD)
