"""The envelope sender on the wire, and the way out by mail."""

import re

import pytest
from pytest_django import Settings

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.receive_mail import Received, receive_mail
from levier.foundation.messaging.enums import DeliveryState, Lane
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.rules.providers import marked
from levier.foundation.messaging.rules.return_path import delivery_at
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.enums import Channel, Purpose
from tests.foundation.messaging.conftest import make_delivery, make_message, send
from tests.foundation.messaging.returned import DOMAIN, returned
from tests.foundation.messaging.server import Server

pytestmark = pytest.mark.django_db(transaction=True)


def test_J24_a_mail_leaves_with_a_signed_return_path_and_its_report_comes_home(
    message: Message, server: Server, settings: Settings
) -> None:
    settings.BOUNCE_DOMAIN = DOMAIN
    delivery = make_delivery(message)
    send(server)
    ((sender, _, mail),) = server.taken
    assert sender.endswith(f"@{DOMAIN}")
    assert delivery_at(sender) == delivery.pk
    assert mail["From"] == "Valmont à vélo <bonjour@valmont-a-velo.example>"
    report = returned("orange_invalid", 0, verp=sender.upper(), ours="")
    assert receive_mail(raw=report, now=delivery.created_at) is Received.RECORDED
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BOUNCED


@pytest.mark.parametrize(
    ("domain", "address"),
    [("", "bonjour@valmont-a-velo.example"), (DOMAIN, f"desabonnement@{DOMAIN}")],
)
def test_J28_the_mail_of_the_way_out_goes_where_it_is_read(
    valmont: Organisation, server: Server, settings: Settings, domain: str, address: str
) -> None:
    settings.BOUNCE_DOMAIN = domain
    message = make_message(valmont, Lane.BULK, Purpose.ORG_NEWS)
    delivery = make_delivery(message)
    give_consent(
        person=delivery.person,
        channel=Channel.EMAIL,
        purpose=Purpose.ORG_NEWS,
        wording="Oui",
        source="test",
        now=delivery.created_at,
    )
    send(server, Lane.BULK)
    ((_, _, mail),) = server.taken
    found = re.search(
        r"<mailto:([^?]+)\?subject=desabonnement%20([^>]+)>", mail["List-Unsubscribe"]
    )
    assert found is not None
    assert found[1] == address
    written = f"To: {address}\r\nSubject: desabonnement {found[2]}\r\n\r\n"
    assert receive_mail(raw=written.encode(), now=delivery.created_at) is Received.LEFT


@pytest.mark.parametrize(
    ("provider", "header"),
    [
        ("brevo", "X-Mailin-custom"),
        ("postmark", "X-PM-Metadata-levier"),
        ("sendgrid", "X-SMTPAPI"),
        ("ses", "X-Metadata"),
        ("", None),
    ],
)
def test_J26_a_provider_is_given_the_mark_that_it_gives_back(
    message: Message, server: Server, settings: Settings, provider: str, header: str | None
) -> None:
    settings.MAIL_PROVIDER = provider
    delivery = make_delivery(message)
    send(server)
    ((_, _, mail),) = server.taken
    if header is None:
        assert not [name for name in mail.keys() if name.startswith("X-")]  # noqa: SIM118
        return
    found = re.search(r"d\d+\.[0-9a-f]{20}", mail[header])
    assert found is not None
    assert marked(found[0]) == delivery.pk
