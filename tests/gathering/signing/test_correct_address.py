"""P24: the address was mistyped, and the right one comes within ten minutes."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from levier.foundation.campaigns.enums import CountPolicy
from levier.foundation.common.tokens import BadToken
from levier.foundation.ledger.models import Entry
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing import mails
from levier.gathering.signing.actions.confirm import confirm
from levier.gathering.signing.actions.correct_address import correct_address
from levier.gathering.signing.actions.hold_bounced import hold_bounced
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from levier.gathering.signing.rules.links import (
    confirmation_token,
    mailbox_from_token,
    my_token,
    signature_from_token,
)
from levier.gathering.signing.rules.receipts import Receipt
from levier.gathering.signing.tasks.read_activities import Reader
from tests.cast import NOW, make_campaign, make_petition, make_signature, make_user, person_of

WRONG, RIGHT = "paul@gmial.com", "paul@gmail.com"
SOON = NOW + timedelta(minutes=2)


def figures(petition: Petition) -> tuple[int, int, int, int]:
    tally = Tally.objects.get(petition=petition)
    return tally.last_number, tally.counted, tally.confirmed, tally.held


def receipt_of(signature: Signature, **fields: Any) -> Receipt:
    """What its maker was given."""
    return Receipt(
        petition=signature.petition_id,
        code=ReferralCode.objects.filter(signature=signature).values_list("code", flat=True)[0],
        number=signature.number,
        first_name=signature.first_name,
        masked_email="p•••••@gmial.com",
        wants_updates=False,
    )._replace(**fields)


def mend(
    signature: Signature, email: str = RIGHT, *, now: datetime = SOON, **fields: Any
) -> Signature:
    correct_address(receipt=receipt_of(signature, **fields), given_at=NOW, email=email, now=now)
    return Signature.objects.select_related("contact_point", "person").get(pk=signature.pk)


def address_of(signature: Signature) -> str:
    assert signature.contact_point is not None
    return signature.contact_point.typed


def rows() -> tuple[Any, ...]:
    """Everything that a correction may write."""
    return (
        *Signature.objects.order_by("pk").values_list("pk", "person", "contact_point", "state"),
        *ContactPoint.objects.order_by("pk").values_list("pk", "canonical", "state"),
        *Tally.objects.order_by("pk").values_list(),
        Person.objects.count(),
        Entry.objects.count(),
        Activity.objects.count(),
        Delivery.objects.count(),
    )


def test_P24_moves_the_signature_and_keeps_number_and_count(lilas: Petition) -> None:
    make_signature(lilas)
    wrong = make_signature(lilas, WRONG)
    old_link = confirmation_token(wrong, now=NOW)
    old_mine = my_token(wrong.contact_point_id or 0, now=NOW)
    moved = mend(wrong)
    assert (address_of(moved), moved.number, moved.state) == (RIGHT, 2, SignatureState.COUNTED)
    assert moved.signed_at == wrong.signed_at
    assert figures(lilas) == (2, 2, 0, 0)
    assert discrepancies() == []
    with pytest.raises(BadToken):
        signature_from_token(old_link, now=SOON)
    with pytest.raises(BadToken):
        mailbox_from_token(old_mine, now=SOON)
    assert signature_from_token(confirmation_token(moved, now=SOON), now=SOON) == moved
    assert not ContactPoint.objects.filter(typed=WRONG).exists()


def test_P24_the_log_keeps_that_it_happened_and_no_address(lilas: Petition) -> None:
    wrong = make_signature(lilas, WRONG)
    mend(wrong)
    body = bytes(Entry.objects.get().leaf).decode(errors="replace")
    assert "correct_address" in body
    assert "gmail" not in body
    assert "gmial" not in body


def test_P24_words_and_agreements_stay_with_the_signature(lilas: Petition) -> None:
    wrong = make_signature(lilas, WRONG)
    with_words(wrong)
    moved = mend(wrong)
    assert person_of(moved) == person_of(wrong)
    assert Comment.objects.get().person == moved.person
    assert ConsentState.objects.get(person=moved.person).given


def with_words(signature: Signature) -> None:
    person = person_of(signature)
    Comment.objects.create(
        petition=signature.petition, person=person, text="Pour la rue.", created_at=NOW
    )
    give_consent(
        person=person,
        **news_of(signature.petition_id),
        wording="Je veux des nouvelles.",
        source=f"signature:{signature.pk}",
        now=NOW,
    )


def test_P21_the_right_address_may_be_somebody_already_known(lilas: Petition) -> None:
    author = make_user("a@exemple.fr", "A", lilas.campaign.organisation)
    other = make_petition(make_campaign(lilas.campaign.organisation), author, "autre")
    known = make_signature(other, RIGHT)
    wrong = make_signature(lilas, WRONG, first_name="Paul")
    with_words(wrong)
    moved = mend(wrong)
    owner = person_of(moved)
    assert owner == person_of(known)
    assert owner.first_name == "Camille"
    assert Comment.objects.get().person == owner
    state = ConsentState.objects.get(person=owner)
    assert (state.scope, state.given) == (f"petition:{lilas.pk}", True)
    mistaken = person_of(wrong)
    mistaken.refresh_from_db()
    assert (mistaken.erased_at, mistaken.last_name) == (SOON, "")
    assert figures(lilas) == (1, 1, 0, 0)


def test_P24_the_mistyped_address_may_be_somebody_elses(lilas: Petition) -> None:
    author = make_user("a@exemple.fr", "A", lilas.campaign.organisation)
    other = make_petition(make_campaign(lilas.campaign.organisation), author, "autre")
    theirs = make_signature(other, WRONG, confirmed_at=NOW)
    wrong = make_signature(
        lilas,
        "x@exemple.fr",
        person=theirs.person,
        contact_point=theirs.contact_point,
        first_name="Paul",
    )
    with_words(wrong)
    mails.thanks(signatures=[theirs, wrong], now=NOW)
    moved = mend(wrong)
    theirs.refresh_from_db()
    assert (address_of(moved), person_of(moved).first_name) == (RIGHT, "Paul")
    assert person_of(moved) != person_of(theirs)
    assert (address_of(theirs), theirs.state) == (WRONG, SignatureState.COUNTED)
    assert [d.source for d in Delivery.objects.all()] == [f"signature:{theirs.pk}:thanks"]
    assert not ConsentState.objects.get(person=theirs.person).given
    assert ConsentState.objects.get(person=moved.person).given
    assert Comment.objects.get().person == moved.person


@pytest.mark.parametrize(
    "fields",
    [
        {"confirmed_at": NOW},
        {"state": SignatureState.WITHDRAWN},
        {"state": SignatureState.REJECTED},
        {"state": SignatureState.HELD, "reason": HoldReason.TEAM},
        {"state": SignatureState.HELD, "reason": HoldReason.HONEYPOT},
        {"signed_at": NOW - timedelta(days=3)},
        {"signed_at": NOW - timedelta(seconds=11)},
    ],
)
def test_P24_never_an_older_confirmed_or_set_aside_one(
    lilas: Petition, fields: dict[str, Any]
) -> None:
    wrong = make_signature(lilas, WRONG, **fields)
    before = rows()
    mend(wrong)
    assert rows() == before


def test_P24_ten_minutes_and_no_more(lilas: Petition) -> None:
    wrong = make_signature(lilas, WRONG)
    before = rows()
    mend(wrong, now=NOW + timedelta(minutes=10))
    assert rows() == before
    assert address_of(mend(wrong, now=NOW + timedelta(minutes=9, seconds=59))) == RIGHT


def test_P17_a_repeats_receipt_never_moves_what_it_repeats(lilas: Petition) -> None:
    """Even within the same seconds: the number it was told is the next one, never the true one."""
    theirs = make_signature(lilas, WRONG)
    before = rows()
    mend(theirs, number=2)
    mend(theirs, first_name="Mallory")
    assert rows() == before


@pytest.mark.parametrize("state", [SignatureState.PENDING, SignatureState.HELD])
def test_P17_nor_without_a_number(lilas: Petition, state: str) -> None:
    reason = HoldReason.RATE if state == SignatureState.HELD else HoldReason.NONE
    theirs = make_signature(
        lilas, WRONG, state=state, reason=reason, signed_at=NOW - timedelta(seconds=1)
    )
    before = rows()
    mend(theirs)
    assert rows() == before


def test_P23_the_second_half_of_a_double_click_corrects_too(lilas: Petition) -> None:
    wrong = make_signature(lilas, WRONG, signed_at=NOW - timedelta(seconds=2))
    assert address_of(mend(wrong)) == RIGHT


def test_P24_the_same_address_again_writes_nothing(lilas: Petition) -> None:
    wrong = make_signature(lilas, WRONG)
    before = rows()
    mend(wrong, WRONG.upper())
    assert rows() == before


def test_P24_can_be_corrected_again(lilas: Petition) -> None:
    wrong = make_signature(lilas, WRONG)
    mend(wrong, "poul@gmail.com")
    assert address_of(mend(wrong)) == RIGHT
    assert figures(lilas) == (1, 1, 0, 0)
    assert ContactPoint.objects.exclude(typed="").count() == 1


def test_P12_nobody_counts_twice_when_the_right_address_had_signed(lilas: Petition) -> None:
    theirs = make_signature(lilas, RIGHT, signed_at=NOW - timedelta(days=3), confirmed_at=NOW)
    wrong = make_signature(lilas, WRONG)
    with_words(wrong)
    code = receipt_of(wrong).code
    brought = make_signature(lilas, referred_by=wrong)
    gone = mend(wrong)
    assert (gone.state, gone.number, gone.person) == (SignatureState.WITHDRAWN, 2, None)
    assert (gone.first_name, gone.last_name) == ("", "")
    theirs.refresh_from_db()
    assert (theirs.state, address_of(theirs)) == (SignatureState.COUNTED, RIGHT)
    assert figures(lilas) == (3, 2, 1, 0)
    assert discrepancies() == []
    assert make_signature(lilas).number == 4
    assert ReferralCode.objects.get(code=code).signature == theirs
    brought.refresh_from_db()
    assert brought.referred_by == theirs
    assert Comment.objects.count() == 0
    assert not ConsentState.objects.filter(given=True).exists()
    told = Activity.objects.get(kind=ActivityKind.SIGNED_AGAIN)
    assert (told.subject, told.person_id) == (f"signature:{theirs.pk}", theirs.person_id)


def test_P35_a_mistyped_address_that_bounced_counts_again(lilas: Petition) -> None:
    wrong = make_signature(lilas, WRONG)
    hold_bounced(signature_ids=[wrong.pk], now=NOW)
    assert figures(lilas) == (1, 0, 0, 1)
    moved = mend(wrong)
    assert (moved.state, moved.number, moved.reason) == (SignatureState.COUNTED, 1, "")
    assert figures(lilas) == (1, 1, 0, 0)


def test_P15_or_waits_for_its_confirmation_again(lilas: Petition) -> None:
    Petition.objects.update(count_policy=CountPolicy.CONFIRMED)
    wrong = make_signature(lilas, WRONG, state=SignatureState.PENDING)
    hold_bounced(signature_ids=[wrong.pk], now=NOW)
    moved = mend(wrong, number=None)
    assert (moved.state, moved.number, moved.reason) == (SignatureState.PENDING, None, "")
    assert figures(lilas) == (0, 0, 0, 0)
    assert discrepancies() == []


@pytest.mark.django_db(transaction=True)
def test_P24_the_thanks_leave_once_for_each_address(lilas: Petition) -> None:
    now = timezone.now()
    wrong = make_signature(lilas, WRONG, signed_at=now)
    reader = Reader()
    try:
        correct_address(receipt=receipt_of(wrong), given_at=now, email="poul@gmail.com", now=now)
        reader.read(now=now)
        correct_address(receipt=receipt_of(wrong), given_at=now, email=RIGHT, now=now)
        reader.read(now=now)
        reader.read(now=now)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    point = Signature.objects.get().contact_point_id
    sent = list(Delivery.objects.order_by("ordinal").values_list("ordinal", "contact_point"))
    assert [ordinal for ordinal, _ in sent] == [0, 1]
    assert sent[1] == (1, point)


@pytest.mark.django_db(transaction=True)
def test_P24_correcting_and_confirming_at_once_are_one_or_the_other(lilas: Petition) -> None:
    """Whoever takes the tally first decides; the count is exact, and nobody waits for ever."""
    signatures = [make_signature(lilas, f"paul{n}@gmial.com") for n in range(8)]
    ready = threading.Barrier(2 * len(signatures))
    failures: list[BaseException] = []

    def run(action: Any, **arguments: Any) -> None:
        try:
            ready.wait(timeout=20)
            action(**arguments)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = []
    for n, signature in enumerate(signatures):
        receipt = receipt_of(signature)
        mending = {"receipt": receipt, "given_at": NOW, "email": f"paul{n}@gmail.com", "now": SOON}
        threads.append(threading.Thread(target=run, args=[correct_address], kwargs=mending))
        saying = {"signature_id": signature.pk, "now": SOON}
        threads.append(threading.Thread(target=run, args=[confirm], kwargs=saying))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert figures(lilas) == (8, 8, 8, 0)
    assert discrepancies() == []
    reached = Signature.objects.values_list("contact_point__typed", flat=True)
    assert all(address.startswith("paul") for address in reached)


@pytest.mark.django_db(transaction=True)
def test_P24_two_mistyped_addresses_of_one_person_leave_one_signature(lilas: Petition) -> None:
    signatures = [make_signature(lilas, f"paul{n}@gmial.com") for n in range(6)]
    receipts = [receipt_of(signature) for signature in signatures]
    ready = threading.Barrier(len(signatures))
    failures: list[BaseException] = []

    def run(receipt: Receipt) -> None:
        try:
            ready.wait(timeout=20)
            correct_address(receipt=receipt, given_at=NOW, email=RIGHT, now=SOON)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[receipt]) for receipt in receipts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert figures(lilas) == (6, 1, 0, 0)
    assert ContactPoint.objects.filter(canonical=RIGHT).count() == 1
    assert discrepancies() == []
