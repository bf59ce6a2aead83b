from datetime import datetime, timedelta

import pytest

from levier.foundation.messaging.models.delivery import Delivery
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.request_my_link import (
    APART,
    PER_DAY,
    request_my_link,
)
from levier.gathering.signing.actions.resend_confirmation import resend_confirmation
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import ReferralCode, Signature
from tests.cast import make_signature

EMAIL = "paul@exemple.fr"


def code_of(signature: Signature) -> str:
    return ReferralCode.objects.get(signature=signature).code


def sent() -> list[tuple[str, str]]:
    rows = Delivery.objects.order_by("pk")
    return list(rows.values_list("contact_point__typed", "message__template__key"))


def test_P34_sends_to_that_one_person(lilas: Petition, now: datetime) -> None:
    make_signature(lilas)
    paul = make_signature(lilas, EMAIL)
    make_signature(lilas)
    resend_confirmation(code=code_of(paul), now=now)
    assert sent() == [(EMAIL, "signing/confirmation")]


def test_P34_who_confirmed_gets_the_personal_link(lilas: Petition, now: datetime) -> None:
    paul = make_signature(lilas, EMAIL, confirmed_at=now)
    resend_confirmation(code=code_of(paul), now=now)
    assert sent() == [(EMAIL, "signing/my_link")]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": SignatureState.HELD, "reason": HoldReason.HONEYPOT},
        {"state": SignatureState.WITHDRAWN},
        {"state": SignatureState.REJECTED},
    ],
)
def test_P69_nothing_leaves_for_what_does_not_stand(
    lilas: Petition, now: datetime, fields: dict[str, str]
) -> None:
    resend_confirmation(code=code_of(make_signature(lilas, EMAIL, **fields)), now=now)
    assert sent() == []


def test_unknown_code_says_nothing(lilas: Petition, now: datetime) -> None:
    make_signature(lilas, EMAIL)
    resend_confirmation(code="zzzzzzzz", now=now)
    assert sent() == []


def test_one_link_in_five_minutes_and_six_a_day(lilas: Petition, now: datetime) -> None:
    paul = make_signature(lilas, EMAIL, confirmed_at=now)
    for minute in (0, 1, 4):
        resend_confirmation(code=code_of(paul), now=now + timedelta(minutes=minute))
        request_my_link(email=EMAIL, now=now + timedelta(minutes=minute))
    assert len(sent()) == 1
    for n in range(1, 20):
        request_my_link(email=EMAIL, now=now + n * APART + timedelta(seconds=n))
    assert len(sent()) == PER_DAY
    request_my_link(email=EMAIL, now=now + timedelta(days=2))
    assert len(sent()) == PER_DAY + 1


def test_P19_link_leaves_for_the_address_as_first_typed(lilas: Petition, now: datetime) -> None:
    paul = make_signature(lilas, "Paul.T@exemple.fr")
    assert paul.contact_point is not None
    request_my_link(email="PAUL.T@EXEMPLE.FR", now=now)
    assert sent() == [("Paul.T@exemple.fr", "signing/my_link")]
