"""What leaving changes, in the very next claim and nowhere else."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.claim import claim
from levier.foundation.messaging.actions.get_message import get_message
from levier.foundation.messaging.actions.set_preferences import set_preferences
from levier.foundation.messaging.actions.unsubscribe import (
    unsubscribe,
    unsubscribe_from_everything,
)
from levier.foundation.messaging.enums import DeliveryState, Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.stopping import Key
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from tests.foundation.messaging.conftest import SHARED, make_message, make_point

pytestmark = pytest.mark.django_db
NEWS, ORG_NEWS = Purpose.PETITION_NEWS, Purpose.ORG_NEWS
EMAIL = Channel.EMAIL
Leave = Callable[[Person], object]


@pytest.fixture
def paul(valmont: Organisation) -> ContactPoint:
    """Wants the news of two petitions, and the organisation's."""
    point = make_point(valmont, "paul@exemple.fr")
    for purpose, scope in ((NEWS, "petition:1"), (NEWS, "petition:2"), (ORG_NEWS, "")):
        give_consent(
            person=point.person,
            channel=EMAIL,
            purpose=purpose,
            scope=scope,
            wording="oui",
            source="moi",
            now=timezone.now(),
        )
    return point


def message_of(organisation: Organisation, source: str, purpose: str) -> Message:
    return get_message(
        organisation=organisation,
        template="signing/my_link",
        source=source,
        context=SHARED,
        now=timezone.now(),
        expires_after=timedelta(days=3),
        lane=Lane.BULK,
        purpose=purpose,
    )


def waiting(point: ContactPoint) -> dict[str, Delivery]:
    """One mail of each sort on its way to that mailbox."""
    messages = {
        "one": message_of(point.organisation, "petition:1", NEWS),
        "two": message_of(point.organisation, "petition:2", NEWS),
        "more": message_of(point.organisation, f"organisation:{point.organisation_id}", ORG_NEWS),
        "asked": make_message(point.organisation),
    }
    now = timezone.now()
    return {
        name: Delivery.objects.create(
            message=message,
            person=point.person,
            contact_point=point,
            source=f"test:{name}",
            lane=message.lane,
            not_before=now,
            expires_at=now + timedelta(days=3),
            created_at=now,
        )
        for name, message in messages.items()
    }


def stopped(mails: dict[str, Delivery]) -> set[str]:
    """Those that the next claims of every lane will never hand over."""
    now = timezone.now()
    for lane in (Lane.TRANSACTIONAL, Lane.BULK):
        for _ in range(4):  # somebody may be given one mail at a time
            claim(lane=lane, worker=uuid.uuid4(), limit=50, now=now)
    found = Delivery.objects.in_bulk([mail.pk for mail in mails.values()])
    return {
        name for name, mail in mails.items() if found[mail.pk].state == DeliveryState.SUPPRESSED
    }


@pytest.mark.parametrize(
    ("leave", "gone"),
    [
        (lambda p: unsubscribe(person=p.pk, purpose=NEWS, scope="petition:1", now=now_()), {"one"}),
        (lambda p: unsubscribe(person=p.pk, purpose=NEWS, now=now_()), {"one", "two"}),
        (lambda p: unsubscribe(person=p.pk, purpose=ORG_NEWS, now=now_()), {"more"}),
        (
            lambda p: unsubscribe_from_everything(person=p.pk, now=now_()),
            {"one", "two", "more"},
        ),
        (
            lambda p: set_preferences(
                person=p,
                offered={(EMAIL, NEWS, "petition:1"): "Oui", (EMAIL, ORG_NEWS, ""): "Oui"},
                chosen=[(EMAIL, ORG_NEWS, "")],
                source="preferences",
                now=now_(),
            ),
            {"one"},
        ),
    ],
    ids=["news", "every-news", "other-news", "everything", "preferences"],
)
def test_U27_J2_J29_J30_what_waits_is_stopped_at_the_next_claim(
    paul: ContactPoint, leave: Leave, gone: set[str]
) -> None:
    mails = waiting(paul)
    leave(paul.person)
    assert stopped(mails) == gone


def test_J3_coming_back_after_everything_is_to_what_is_named(paul: ContactPoint) -> None:
    unsubscribe_from_everything(person=paul.person_id, now=now_())
    set_preferences(
        person=paul.person,
        offered={(EMAIL, NEWS, "petition:2"): "Je veux bien"},
        chosen=[(EMAIL, NEWS, "petition:2")],
        source="preferences",
        now=now_(),
    )
    assert stopped(waiting(paul)) == {"one", "more"}
    last = Consent.objects.filter(person=paul.person, given=True).latest("pk")
    assert (last.scope, last.wording, last.source) == ("petition:2", "Je veux bien", "preferences")


def test_J3_an_agreement_written_meanwhile_by_a_form_does_not_undo_everything(
    paul: ContactPoint,
) -> None:
    unsubscribe_from_everything(person=paul.person_id, now=now_())
    give_consent(
        person=paul.person,
        channel=EMAIL,
        purpose=NEWS,
        scope="petition:1",
        wording="oui",
        source="signature:9",
        now=now_(),
    )
    assert stopped(waiting(paul)) == {"one", "two", "more"}


def test_J1_what_is_so_already_is_not_said_again(paul: ContactPoint, now: datetime) -> None:
    offered: dict[Key, str] = {
        (EMAIL, NEWS, "petition:1"): "Oui",
        (EMAIL, NEWS, "petition:9"): "Oui",
    }
    said = Consent.objects.count()
    assert not set_preferences(
        person=paul.person,
        offered=offered,
        chosen=[(EMAIL, NEWS, "petition:1"), (EMAIL, NEWS, "petition:404")],
        source="moi",
        now=now,
    )
    assert Consent.objects.count() == said
    assert not ConsentState.objects.filter(scope="petition:404").exists()


def now_() -> datetime:
    return timezone.now()
