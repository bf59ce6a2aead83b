"""One reminder, after four days, to whom it still concerns."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from levier.foundation.messaging.models import Delivery
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models import Petition
from levier.gathering.signing.enums import HoldReason, SignatureSource, SignatureState
from levier.gathering.signing.tasks.remind import remind
from tests.cast import make_signature

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=4, minutes=1)


@pytest.mark.parametrize("people", [1, 3])
def test_each_is_reminded_once(lilas: Petition, now: datetime, people: int) -> None:
    waiting = [make_signature(lilas, signed_at=now - LONG_AGO) for _ in range(people)]
    assert remind(now=now) == people
    assert remind(now=now + timedelta(days=1)) == 0
    assert sorted(Delivery.objects.values_list("source", flat=True)) == sorted(
        f"signature:{s.pk}:reminder" for s in waiting
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"days": 3},
        {"days": 20},
        {"confirmed_at": True},
        {"state": SignatureState.WITHDRAWN},
        {"state": SignatureState.HELD, "reason": HoldReason.BOUNCE},
        {"source": SignatureSource.IMPORT},
    ],
)
def test_nobody_else_is(lilas: Petition, now: datetime, fields: dict[str, Any]) -> None:
    days = fields.pop("days", 5)
    if fields.get("confirmed_at"):
        fields["confirmed_at"] = now
    make_signature(lilas, signed_at=now - timedelta(days=days), **fields)
    due = make_signature(lilas, signed_at=now - timedelta(days=5))
    assert remind(now=now) == 1
    assert Delivery.objects.get().source == f"signature:{due.pk}:reminder"


def test_a_finished_petition_reminds_nobody(lilas: Petition, now: datetime) -> None:
    make_signature(lilas, signed_at=now - LONG_AGO)
    Petition.objects.filter(pk=lilas.pk).update(state=PetitionState.CLOSED, closed_at=now)
    assert remind(now=now) == 0
