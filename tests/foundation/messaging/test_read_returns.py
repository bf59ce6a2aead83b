"""The mailbox of returns, on a real IMAP server."""

from datetime import datetime

import pytest
from pytest_django import Settings

from levier.foundation.messaging.actions.read_returns import read_returns
from levier.foundation.messaging.actions.receive_mail import Received
from levier.foundation.messaging.channels.returns import MailboxAway, ReturnBox, return_box
from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery, DeliveryEvent
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.tasks.returns import look_for_returns
from tests.foundation.messaging.conftest import make_delivery
from tests.foundation.messaging.imap_server import ImapServer
from tests.foundation.messaging.returned import DOMAIN, returned

pytestmark = pytest.mark.django_db
PERSONAL = b"From: zoe@exemple.fr\r\nSubject: Merci\r\n\r\nBravo."


@pytest.fixture
def delivery(message: Message, settings: Settings, now: datetime) -> Delivery:
    settings.BOUNCE_DOMAIN = DOMAIN
    made = make_delivery(message)
    Delivery.objects.update(state=DeliveryState.HANDED, finished_at=now)
    return made


def box(server: ImapServer) -> ReturnBox:
    return return_box(f"imap://retours:s%40crets@127.0.0.1:{server.port}/INBOX")


def test_J25_a_mailbox_is_read_once_and_tidied(delivery: Delivery, now: datetime) -> None:
    mails = (
        returned("postfix_unknown_user", delivery.pk),
        returned("out_of_office", delivery.pk),
        returned("orange_invalid", delivery.pk + 999),
        PERSONAL,
    )
    with ImapServer(*mails) as server:
        done = read_returns(box=box(server), now=now)
        assert done == {
            Received.RECORDED: 1,
            Received.NOTHING: 1,
            Received.STRANGE: 1,
            Received.UNREADABLE: 1,
        }
        left = {kept.uid: kept.flags for kept in server.mails}
        assert left == {3: {r"\Seen", r"\Flagged"}, 4: {r"\Seen", r"\Flagged"}}
        assert read_returns(box=box(server), now=now) == {}
    assert "s@crets" in server.signed_in[0]
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BOUNCED


def test_J26_a_visit_cut_before_tidying_reads_it_again_for_nothing(
    delivery: Delivery, now: datetime
) -> None:
    with ImapServer(returned("postfix_unknown_user", delivery.pk)) as server:
        server.cut_after = "UID STORE"
        with pytest.raises(MailboxAway):
            read_returns(box=box(server), now=now)
        server.cut_after = None
        assert read_returns(box=box(server), now=now) == {Received.RECORDED: 1}
        assert server.mails == []
    assert DeliveryEvent.objects.count() == 1


def test_J25_a_server_without_uidplus_keeps_what_is_marked_as_deleted(
    delivery: Delivery, now: datetime
) -> None:
    with ImapServer(returned("postfix_unknown_user", delivery.pk), uidplus=False) as server:
        read_returns(box=box(server), now=now)
        assert server.mails[0].flags == {r"\Seen", r"\Deleted"}
        assert read_returns(box=box(server), now=now) == {}


def test_J25_a_mailbox_that_is_away_waits_for_the_next_visit(
    delivery: Delivery, settings: Settings, caplog: pytest.LogCaptureFixture, now: datetime
) -> None:
    with ImapServer(refuse=True) as server:
        with pytest.raises(MailboxAway):
            read_returns(box=box(server), now=now)
        settings.BOUNCE_IMAP_URL = f"imap://retours:secret@127.0.0.1:{server.port}"
        look_for_returns(0)
        assert "is away" in caplog.text
    caplog.clear()
    look_for_returns(0)  # nobody listens any more
    assert "is away" in caplog.text
    assert "secret" not in caplog.text


def test_J25_the_task_reads_the_mailbox_of_the_environment(
    delivery: Delivery, settings: Settings
) -> None:
    settings.BOUNCE_IMAP_URL = ""
    look_for_returns(0)
    assert not DeliveryEvent.objects.exists()
    with ImapServer(returned("postfix_unknown_user", delivery.pk)) as server:
        settings.BOUNCE_IMAP_URL = f"imap://retours:secret@127.0.0.1:{server.port}"
        look_for_returns(0)
    assert DeliveryEvent.objects.count() == 1
