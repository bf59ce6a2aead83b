import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.stopping import stop_everything
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.suppression import Suppression
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.actions.confirm import confirm
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.errors import NoLongerStanding
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from tests.cast import make_campaign, make_petition, make_signature, make_user, person_of


def figures(petition: Petition) -> tuple[int, int, int, int]:
    """Last number, counted, confirmed, held."""
    tally = Tally.objects.get(petition=petition)
    assert discrepancies() == []
    return tally.last_number, tally.counted, tally.confirmed, tally.held


def told(kind: str = ActivityKind.CONFIRMED) -> list[str]:
    return list(Activity.objects.filter(kind=kind).values_list("subject", flat=True))


def test_confirming_counts_among_the_confirmed(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas)
    make_signature(lilas)
    confirmed = confirm(signature_id=signature.pk, now=now)
    assert (confirmed.confirmed_at, confirmed.number, confirmed.state) == (now, 1, "counted")
    assert figures(lilas) == (2, 2, 1, 0)
    assert told() == [f"signature:{signature.pk}"]


def test_P27_confirming_twice_is_confirming_once(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas)
    confirm(signature_id=signature.pk, now=now)
    again = confirm(signature_id=signature.pk, now=now + timedelta(hours=1))
    assert again.confirmed_at == now
    assert figures(lilas) == (1, 1, 1, 0)
    assert len(told()) == 1


def test_P15_number_comes_with_the_confirmation(lilas: Petition, now: datetime) -> None:
    make_signature(lilas)
    signature = make_signature(lilas, state=SignatureState.PENDING)
    assert figures(lilas) == (1, 1, 0, 0)
    assert confirm(signature_id=signature.pk, now=now).number == 2
    assert figures(lilas) == (2, 2, 1, 0)
    assert Entry.objects.get().kind == EntryKind.SIGNATURE


@pytest.mark.parametrize("number", [None, 7])
def test_P67_confirmation_releases_what_the_limit_held(
    lilas: Petition, now: datetime, number: int | None
) -> None:
    signature = make_signature(lilas, state=SignatureState.HELD, reason=HoldReason.RATE)
    if number:
        Signature.objects.filter(pk=signature.pk).update(number=number)
        Tally.objects.filter(petition=lilas).update(last_number=number)
    released = confirm(signature_id=signature.pk, now=now)
    assert (released.number, released.state) == (number or 1, SignatureState.COUNTED)
    assert released.reason == HoldReason.NONE
    assert figures(lilas) == (number or 1, 1, 1, 0)


@pytest.mark.parametrize("reason", [HoldReason.TEAM, HoldReason.HONEYPOT])
def test_the_team_keeps_what_it_held(lilas: Petition, now: datetime, reason: str) -> None:
    signature = make_signature(lilas, state=SignatureState.HELD, reason=reason)
    kept = confirm(signature_id=signature.pk, now=now)
    assert (kept.state, kept.number, kept.confirmed_at) == (SignatureState.HELD, None, now)
    assert figures(lilas) == (0, 0, 0, 1)


@pytest.mark.parametrize("state", [SignatureState.WITHDRAWN, SignatureState.REJECTED])
def test_what_left_the_count_is_not_confirmed(lilas: Petition, now: datetime, state: str) -> None:
    signature = make_signature(lilas, state=state)
    with pytest.raises(NoLongerStanding, match="n’est plus comptée"):
        confirm(signature_id=signature.pk, now=now)
    signature.refresh_from_db()
    assert (signature.state, signature.confirmed_at) == (state, None)
    assert told() == []


def test_P33_no_other_signature_is_touched(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas)
    organisation = lilas.campaign.organisation
    author = make_user("a@exemple.fr", "A", organisation)
    other = make_petition(make_campaign(organisation), author, "autre")
    elsewhere = make_signature(other, person=signature.person)
    confirm(signature_id=signature.pk, now=now)
    elsewhere.refresh_from_db()
    assert elsewhere.confirmed_at is None
    assert figures(other) == (1, 1, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_P27_two_devices_at_once_are_one_confirmation(lilas: Petition, now: datetime) -> None:
    pending = make_signature(lilas, state=SignatureState.PENDING)
    ready = threading.Barrier(4)
    numbers: list[int | None] = []

    def press() -> None:
        try:
            ready.wait(timeout=10)
            numbers.append(confirm(signature_id=pending.pk, now=now).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert numbers == [1, 1, 1, 1]
    assert figures(lilas) == (1, 1, 1, 0)
    assert len(told()) == 1


@pytest.mark.django_db(transaction=True)
def test_P12_confirmations_at_once_get_contiguous_numbers(lilas: Petition, now: datetime) -> None:
    pending = [make_signature(lilas, state=SignatureState.PENDING) for _ in range(8)]
    ready = threading.Barrier(len(pending))

    def press(pk: int) -> None:
        try:
            ready.wait(timeout=10)
            confirm(signature_id=pk, now=now)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[s.pk]) for s in pending]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    numbers = Signature.objects.filter(petition=lilas).values_list("number", flat=True)
    assert sorted(n for n in numbers if n) == list(range(1, 9))
    assert figures(lilas) == (8, 8, 8, 0)


def test_J3_confirming_what_one_ticked_is_coming_back_to_that_alone(
    lilas: Petition, now: datetime
) -> None:
    other = make_petition(lilas.campaign, lilas.author, "autre")
    unticked, ticked = make_signature(other, "li@exemple.fr"), make_signature(lilas)
    person = person_of(ticked)
    Signature.objects.filter(pk=unticked.pk).update(person=person)
    stop_everything(person=person, source="moi", now=now)
    for signature in (ticked, unticked):
        give_consent(
            person=person,
            **news_of(signature.petition_id),
            wording="oui",
            source=f"signature:{signature.pk if signature is ticked else 0}",
            now=now + timedelta(minutes=1),
        )
    confirm(signature_id=unticked.pk, now=now + timedelta(minutes=2))
    assert Suppression.objects.exists()
    confirm(signature_id=ticked.pk, now=now + timedelta(minutes=3))
    assert not Suppression.objects.exists()
    states = ConsentState.objects.filter(person=person, given=True)
    assert [one.scope for one in states] == [f"petition:{lilas.pk}"]
