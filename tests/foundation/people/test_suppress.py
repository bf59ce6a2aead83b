from datetime import datetime
from typing import Any

import pytest

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.suppressions import lift_unsubscription, suppress
from levier.foundation.people.enums import Channel, SuppressionReason
from levier.foundation.people.models.suppression import Suppression
from levier.foundation.people.rules import is_suppressed, suppression_hmac

PAUL = {"channel": Channel.EMAIL, "canonical": "paul@exemple.fr"}


def refuse(organisation: Organisation, now: datetime, **fields: Any) -> None:
    fields = {"reason": SuppressionReason.UNSUBSCRIBED, **fields}
    suppress(organisation=organisation, **PAUL, now=now, **fields)


def test_refused_everywhere_in_that_organisation_only(
    valmont: Organisation, droits_debout: Organisation, now: datetime
) -> None:
    refuse(valmont, now)
    assert is_suppressed(organisation=valmont, **PAUL)
    assert is_suppressed(organisation=valmont, **PAUL, scope="petition:12")
    assert not is_suppressed(organisation=droits_debout, **PAUL)
    assert not is_suppressed(organisation=valmont, channel="email", canonical="li@exemple.fr")
    assert not is_suppressed(organisation=valmont, channel="phone", canonical=PAUL["canonical"])


def test_P28_refused_for_one_petition_leaves_the_others(
    valmont: Organisation, now: datetime
) -> None:
    refuse(valmont, now, reason=SuppressionReason.NOT_ME, scope="petition:12")
    assert is_suppressed(organisation=valmont, **PAUL, scope="petition:12")
    assert not is_suppressed(organisation=valmont, **PAUL, scope="petition:13")
    assert not is_suppressed(organisation=valmont, **PAUL)


def test_twice_is_once(valmont: Organisation, now: datetime) -> None:
    refuse(valmont, now)
    refuse(valmont, now, reason=SuppressionReason.ERASED)
    assert Suppression.objects.get().reason == SuppressionReason.UNSUBSCRIBED


def test_J3_of_two_reasons_the_one_that_silences_us_altogether_stays(
    valmont: Organisation, now: datetime
) -> None:
    for reason in (SuppressionReason.UNSUBSCRIBED, SuppressionReason.COMPLAINT):
        refuse(valmont, now, reason=reason)
    refuse(valmont, now)
    assert Suppression.objects.get().reason == SuppressionReason.COMPLAINT


def test_the_address_itself_is_not_kept(valmont: Organisation, now: datetime) -> None:
    refuse(valmont, now)
    kept = Suppression.objects.get()
    assert len(kept.canonical_hmac) == 32
    assert b"paul" not in bytes(kept.canonical_hmac)


def test_the_hash_differs_by_organisation_and_channel() -> None:
    hashes = {suppression_hmac(o, c, "paul@exemple.fr") for o in (1, 2) for c in ("email", "post")}
    assert len(hashes) == 4


@pytest.mark.parametrize(
    ("reason", "still"),
    [
        (SuppressionReason.UNSUBSCRIBED, False),
        (SuppressionReason.ERASED, False),
        (SuppressionReason.COMPLAINT, True),
        (SuppressionReason.HARD_BOUNCE, True),
    ],
)
def test_J3_a_new_agreement_lifts_only_what_the_person_had_asked(
    valmont: Organisation, now: datetime, reason: str, still: bool
) -> None:
    refuse(valmont, now, reason=reason)
    lift_unsubscription(organisation=valmont, **PAUL)
    assert is_suppressed(organisation=valmont, **PAUL) is still
