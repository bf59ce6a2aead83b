"""Notices of mail providers: signed, read once, whatever their order (J26)."""

import base64
import hashlib
import hmac
import json
import time
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from levier.faces.public.metrics import REFUSED_NOTICES
from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.enums import DeliveryState, Lane
from levier.foundation.messaging.models.delivery import Delivery, DeliveryEvent
from levier.foundation.messaging.rules.identity import message_id
from levier.foundation.messaging.rules.providers import marking
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.enums import Channel, ContactState, Purpose
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import ContactPoint
from tests.foundation.messaging.conftest import make_delivery, make_message

pytestmark = pytest.mark.django_db
SECRET = "levier:un-secret-assez-long-pour-servir"
SIGNING_KEY = "clef-de-signature"
BASIC = "Basic " + base64.b64encode(SECRET.encode()).decode()
KEY = ec.generate_private_key(ec.SECP256R1())
DELIVERED, BOUNCED = DeliveryState.DELIVERED, DeliveryState.BOUNCED
COMPLAINED, FAILED = DeliveryState.COMPLAINED, DeliveryState.FAILED
Post = tuple[str, dict[str, str]]


@pytest.fixture(autouse=True)
def opened(settings: Settings) -> None:
    settings.MAIL_HOOK_SECRET = SECRET
    settings.MAILGUN_SIGNING_KEY = SIGNING_KEY
    public = KEY.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    settings.SENDGRID_PUBLIC_KEY = base64.b64encode(public).decode()


@pytest.fixture
def delivery(valmont: Organisation, now: datetime) -> Delivery:
    made = make_delivery(make_message(valmont, Lane.BULK, Purpose.ORG_NEWS))
    Delivery.objects.update(state=DeliveryState.HANDED, finished_at=now)
    return made


def ours(delivery: Delivery) -> str:
    return message_id(delivery.pk, domain="valmont.example")


def mark(delivery: Delivery) -> str:
    return marking(delivery.pk, provider="postmark")["X-PM-Metadata-levier"]


def brevo(delivery: Delivery, event: str, **more: Any) -> Post:
    told = {"event": event, "email": "camille@exemple.fr", "message-id": ours(delivery)}
    return json.dumps({**told, "ts_epoch": 1_789_544_472_000, **more}), {"Authorization": BASIC}


def postmark(delivery: Delivery, kind: str, **more: Any) -> Post:
    told = {
        "RecordType": kind,
        "ID": 42,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"levier": mark(delivery)},
        "Email": "camille@exemple.fr",
        "BouncedAt": "2026-09-16T07:41:20Z",
    }
    return json.dumps({**told, **more}), {"Authorization": BASIC}


def mailgun(delivery: Delivery, event: str, key: str = SIGNING_KEY, **more: Any) -> Post:
    stamp, token = str(int(time.time())), "a" * 50
    signed = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "event": event,
        "timestamp": 1_789_544_472.2,
        "message": {"headers": {"message-id": ours(delivery).strip("<>")}},
        "recipient": "camille@exemple.fr",
        **more,
    }
    signature = {"timestamp": stamp, "token": token, "signature": signed}
    return json.dumps({"signature": signature, "event-data": data}), {}


def sendgrid(delivery: Delivery, event: str, key: Any = KEY, **more: Any) -> Post:
    told = {"event": event, "email": "camille@exemple.fr", "timestamp": 1_789_544_472}
    body = json.dumps([{**told, "sg_event_id": "ZGV2", "levier": mark(delivery), **more}])
    stamp = "1789544473"
    signature = key.sign(stamp.encode() + body.encode(), ec.ECDSA(hashes.SHA256()))
    return body, {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
    }


def ses(delivery: Delivery, kind: str, **more: Any) -> Post:
    mail = {
        "messageId": "0102019f-1",
        "destination": ["camille@exemple.fr"],
        "headers": [{"name": "X-Metadata", "value": json.dumps({"levier": mark(delivery)})}],
    }
    told = {"eventType": kind, "mail": mail, kind.lower(): more}
    notice = {
        "Type": "Notification",
        "MessageId": "sns-1",
        "Timestamp": "2026-09-16T07:41:20.000Z",
        "Message": json.dumps(told),
    }
    headers = {"X-Amz-Sns-Message-Type": "Notification", "X-Amz-Sns-Message-Id": "sns-1"}
    return json.dumps(notice), {**headers, "Authorization": BASIC}


def mailjet(delivery: Delivery, event: str, **more: Any) -> Post:
    told = {
        "event": event,
        "time": 1_789_544_472,
        "Payload": json.dumps({"levier": mark(delivery)}),
    }
    return json.dumps([{**told, "email": "camille@exemple.fr", **more}]), {"Authorization": BASIC}


def tell(provider: str, post: Post) -> int:
    body, headers = post
    return (
        Client(enforce_csrf_checks=True)
        .post(
            f"/crochets/courriel/{provider}/",
            body,
            content_type="application/json",
            headers=headers,
        )
        .status_code
    )


def after(delivery: Delivery) -> tuple[str, str]:
    delivery.refresh_from_db()
    return delivery.state, ContactPoint.objects.get(pk=delivery.contact_point_id).state


SES_BOUNCE = {
    "bounceType": "Permanent",
    "bounceSubType": "General",
    "bouncedRecipients": [{"emailAddress": "camille@exemple.fr", "diagnosticCode": "550 5.1.1 no"}],
}
SES_FULL = {
    "bounceType": "Transient",
    "bounceSubType": "MailboxFull",
    "bouncedRecipients": [{"emailAddress": "camille@exemple.fr"}],
}
SES_COMPLAINT = {"complainedRecipients": [{"emailAddress": "camille@exemple.fr"}]}
SPAM = "550 5.7.1 blocked as spam"
CASES = [
    ("brevo", brevo, "delivered", {}, DELIVERED, "ok"),
    ("brevo", brevo, "hard_bounce", {"reason": "550 5.1.1 unknown"}, BOUNCED, "hard"),
    ("brevo", brevo, "soft_bounce", {"reason": "mailbox full"}, BOUNCED, "soft"),
    ("brevo", brevo, "hard_bounce", {"reason": SPAM}, FAILED, "ok"),
    ("brevo", brevo, "spam", {}, COMPLAINED, "complaint"),
    ("postmark", postmark, "Delivery", {}, DELIVERED, "ok"),
    ("postmark", postmark, "Bounce", {"Type": "HardBounce"}, BOUNCED, "hard"),
    ("postmark", postmark, "Bounce", {"Type": "SoftBounce"}, BOUNCED, "soft"),
    ("postmark", postmark, "SpamComplaint", {"Type": "SpamComplaint"}, COMPLAINED, "complaint"),
    ("mailgun", mailgun, "delivered", {}, DELIVERED, "ok"),
    (
        "mailgun",
        mailgun,
        "failed",
        {"severity": "permanent", "delivery-status": {"message": "550 5.1.1 unknown", "code": 550}},
        BOUNCED,
        "hard",
    ),
    ("mailgun", mailgun, "complained", {}, COMPLAINED, "complaint"),
    ("sendgrid", sendgrid, "delivered", {}, DELIVERED, "ok"),
    ("sendgrid", sendgrid, "bounce", {"type": "bounce", "reason": "550 5.1.1 x"}, BOUNCED, "hard"),
    ("sendgrid", sendgrid, "bounce", {"type": "blocked", "reason": SPAM}, FAILED, "ok"),
    ("sendgrid", sendgrid, "spamreport", {}, COMPLAINED, "complaint"),
    ("ses", ses, "Delivery", {"recipients": ["camille@exemple.fr"]}, DELIVERED, "ok"),
    ("ses", ses, "Bounce", SES_BOUNCE, BOUNCED, "hard"),
    ("ses", ses, "Bounce", SES_FULL, BOUNCED, "soft"),
    ("ses", ses, "Complaint", SES_COMPLAINT, COMPLAINED, "complaint"),
    ("mailjet", mailjet, "sent", {}, DELIVERED, "ok"),
    ("mailjet", mailjet, "bounce", {"error": "user unknown", "hard_bounce": True}, BOUNCED, "hard"),
    ("mailjet", mailjet, "spam", {}, COMPLAINED, "complaint"),
]


@pytest.mark.parametrize(("provider", "make", "event", "more", "state", "address"), CASES)
def test_J26_a_provider_tells_twice_what_became_of_a_mail(
    delivery: Delivery,
    provider: str,
    make: Any,
    event: str,
    more: dict[str, Any],
    state: str,
    address: str,
) -> None:
    for _ in range(2):
        assert tell(provider, make(delivery, event, **more)) == 200
    assert after(delivery) == (state, address)
    assert DeliveryEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("provider", "make", "event"),
    [
        ("brevo", brevo, "opened"),
        ("brevo", brevo, "deferred"),
        ("postmark", postmark, "Click"),
        ("mailgun", mailgun, "opened"),
        ("sendgrid", sendgrid, "click"),
        ("mailjet", mailjet, "open"),
    ],
)
def test_U58_who_opened_or_clicked_is_not_written_down(
    delivery: Delivery, provider: str, make: Any, event: str
) -> None:
    assert tell(provider, make(delivery, event)) == 200
    assert after(delivery) == (DeliveryState.HANDED, ContactState.OK)
    assert not DeliveryEvent.objects.exists()


def refused(provider: str) -> float:
    return float(REFUSED_NOTICES.labels(provider)._value.get())


def forged(provider: str, delivery: Delivery) -> Post:
    wrong = {"Authorization": BASIC[:-4] + "AAAA"}
    if provider == "mailgun":
        return mailgun(delivery, "complained", key="une-autre")
    if provider == "sendgrid":
        return sendgrid(delivery, "spamreport", key=ec.generate_private_key(ec.SECP256R1()))
    makers: dict[str, tuple[Any, str]] = {
        "brevo": (brevo, "spam"),
        "postmark": (postmark, "SpamComplaint"),
    }
    if provider in makers:
        make, event = makers[provider]
        return make(delivery, event)[0], wrong
    body, headers = ses(delivery, "Complaint", **SES_COMPLAINT)
    return body, {**headers, **wrong}


@pytest.mark.parametrize("provider", ["brevo", "postmark", "mailgun", "sendgrid", "ses"])
def test_J26_a_forged_notice_is_refused_counted_and_writes_nothing(
    delivery: Delivery, provider: str
) -> None:
    before = refused(provider)
    assert tell(provider, forged(provider, delivery)) == 403
    assert refused(provider) == before + 1
    assert after(delivery) == (DeliveryState.HANDED, ContactState.OK)
    assert not DeliveryEvent.objects.exists()


def test_J26_a_notice_without_signature_is_forged(delivery: Delivery) -> None:
    for provider, post in (
        ("brevo", brevo(delivery, "spam")),
        ("sendgrid", sendgrid(delivery, "spamreport")),
    ):
        assert tell(provider, (post[0], {})) == 403
    assert tell("mailgun", ("{}", {})) == 403


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "[1]", '{"event": 3}', "\x00"])
@pytest.mark.parametrize("provider", ["brevo", "postmark", "mailjet", "sparkpost", "ses"])
def test_J26_what_makes_no_sense_is_no_failure_of_ours(provider: str, body: str) -> None:
    assert tell(provider, (body, {"Authorization": BASIC})) in {200, 400, 403}


@pytest.mark.parametrize("provider", ["brevo", "mailgun", "inconnu"])
def test_J26_a_provider_without_secret_finds_nobody(settings: Settings, provider: str) -> None:
    settings.MAIL_HOOK_SECRET = settings.MAILGUN_SIGNING_KEY = ""
    assert tell(provider, ("{}", {"Authorization": BASIC})) == 404


def test_J26_a_delivery_that_is_not_here_or_not_ours(delivery: Delivery) -> None:
    for strange in ("<x@ailleurs.example>", ours(delivery).replace("d", "d9", 1)):
        assert tell("brevo", brevo(delivery, "hard_bounce", **{"message-id": strange})) == 200
    gone = Delivery(pk=delivery.pk + 999)
    assert tell("brevo", brevo(gone, "hard_bounce")) == 200
    assert after(delivery) == (DeliveryState.HANDED, ContactState.OK)
    assert not DeliveryEvent.objects.exists()


def test_J29_leaving_at_the_provider_is_leaving_here(delivery: Delivery, now: datetime) -> None:
    for purpose in (Purpose.ORG_NEWS, Purpose.CONTINUE):
        give_consent(
            person=delivery.person,
            channel=Channel.EMAIL,
            purpose=purpose,
            wording="Oui",
            source="test",
            now=now,
        )
    assert tell("brevo", brevo(delivery, "unsubscribe")) == 200
    given = ConsentState.objects.filter(given=True)
    assert list(given.values_list("purpose", flat=True)) == [Purpose.CONTINUE]


def test_J26_amazon_is_asked_for_its_secret_and_its_topic_accepted_later(db: None) -> None:
    asking = {
        "Type": "SubscriptionConfirmation",
        "MessageId": "1",
        "Token": "t",
        "TopicArn": "arn:aws:sns:eu-west-3:123456789012:retours",
        "SubscribeURL": "https://sns.eu-west-3.amazonaws.com/?Action=ConfirmSubscription&Token=t",
    }
    headers = {"X-Amz-Sns-Message-Type": asking["Type"], "X-Amz-Sns-Message-Id": "1"}
    assert tell("ses", (json.dumps(asking), headers)) == 401
    assert not ProcrastinateJob.objects.exists()
    assert tell("ses", (json.dumps(asking), {**headers, "Authorization": BASIC})) == 200
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == (
        "messaging.accept_topic",
        {"address": asking["SubscribeURL"]},
    )


def test_J28_the_address_of_notices_reads_nothing_on_get(client: Client) -> None:
    assert client.get("/crochets/courriel/brevo/").status_code == 405
