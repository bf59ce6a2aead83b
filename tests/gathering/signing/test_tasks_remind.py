"""One reminder, after four days, to whom it still concerns."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.stopping import stop_everything
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing import mails
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.tasks.remind import remind
from tests.cast import make_signature, person_of

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=4, minutes=1)


def thanked(petition: Petition, now: datetime, **fields: Any) -> Signature:
    """A signature whose thank-you left."""
    signature = make_signature(petition, **{"signed_at": now - LONG_AGO, **fields})
    mails.thanks(signatures=[signature], now=now - LONG_AGO)
    Delivery.objects.filter(source=f"signature:{signature.pk}:thanks").update(
        state=DeliveryState.HANDED
    )
    return signature


def reminders() -> list[Delivery]:
    return list(Delivery.objects.filter(source__endswith=":reminder").order_by("pk"))


@pytest.mark.parametrize("people", [1, 3])
def test_each_is_reminded_once(lilas: Petition, now: datetime, people: int) -> None:
    waiting = [thanked(lilas, now) for _ in range(people)]
    assert remind(now=now) == people
    assert remind(now=now + timedelta(days=1)) == 0
    assert sorted(d.source for d in reminders()) == sorted(
        f"signature:{s.pk}:reminder" for s in waiting
    )


def test_J3_whoever_stopped_everything_is_not_reminded(lilas: Petition, now: datetime) -> None:
    stopped, other = thanked(lilas, now), thanked(lilas, now)
    stop_everything(person=person_of(stopped), source="moi", now=now)
    assert remind(now=now) == 2
    assert {d.person_id: d.state for d in reminders()} == {
        stopped.person_id: DeliveryState.SUPPRESSED,
        other.person_id: DeliveryState.QUEUED,
    }
    assert remind(now=now) == 0


def test_J17_reminders_leave_one_after_another(lilas: Petition, now: datetime) -> None:
    for _ in range(4):
        thanked(lilas, now)
    remind(now=now)
    assert [(d.not_before - now) / timedelta(minutes=1) for d in reminders()] == [0, 2.5, 5, 7.5]


def test_who_was_not_thanked_by_mail_is_not_reminded(lilas: Petition, now: datetime) -> None:
    make_signature(lilas, signed_at=now - LONG_AGO)
    refused = thanked(lilas, now)
    Delivery.objects.filter(source=f"signature:{refused.pk}:thanks").update(
        state=DeliveryState.SUPPRESSED
    )
    assert remind(now=now) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"days": 3},
        {"days": 20},
        {"confirmed_at": True},
        {"state": SignatureState.WITHDRAWN},
        {"state": SignatureState.HELD, "reason": HoldReason.BOUNCE},
    ],
)
def test_nobody_else_is(lilas: Petition, now: datetime, fields: dict[str, Any]) -> None:
    days = fields.pop("days", 5)
    if fields.get("confirmed_at"):
        fields["confirmed_at"] = now
    thanked(lilas, now, signed_at=now - timedelta(days=days), **fields)
    due = thanked(lilas, now)
    assert remind(now=now) == 1
    assert reminders()[0].source == f"signature:{due.pk}:reminder"


def test_a_finished_petition_reminds_nobody(lilas: Petition, now: datetime) -> None:
    thanked(lilas, now)
    Petition.objects.filter(pk=lilas.pk).update(state=PetitionState.CLOSED, closed_at=now)
    assert remind(now=now) == 0
