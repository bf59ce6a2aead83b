from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.foundation.ledger.queries import verify_chain
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import Activity
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.hold_bounced import hold_bounced
from levier.gathering.signing.actions.reject import reject
from levier.gathering.signing.actions.release import release
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from tests.cast import make_campaign, make_petition, make_signature, person_of


def held(petition: Petition, n: int = 1) -> list[int]:
    return [
        make_signature(petition, state=SignatureState.HELD, reason=HoldReason.RATE).pk
        for _ in range(n)
    ]


def figures(petition: Petition) -> tuple[int, int, int, int]:
    """Last number, counted, confirmed, held."""
    assert discrepancies() == []
    tally = Tally.objects.get(petition=petition)
    return tally.last_number, tally.counted, tally.confirmed, tally.held


def states(petition: Petition) -> list[str]:
    rows = Signature.objects.filter(petition=petition).order_by("pk")
    return list(rows.values_list("state", flat=True))


def other_petition(petition: Petition) -> Petition:
    return make_petition(make_campaign(petition.campaign.organisation), petition.author, "autre")


def test_P68_number_comes_at_release(lilas: Petition, hugo: User, now: datetime) -> None:
    make_signature(lilas)
    ids = held(lilas, 3)
    assert figures(lilas) == (1, 1, 0, 3)
    released = release(petition=lilas, signature_ids=ids[:2], by=hugo, now=now)
    assert [signature.pk for signature in released] == ids[:2]
    numbers = Signature.objects.filter(pk__in=ids).order_by("pk").values_list("number", flat=True)
    assert list(numbers) == [2, 3, None]
    assert figures(lilas) == (3, 3, 0, 1)
    assert Activity.objects.filter(kind=ActivityKind.RELEASED).count() == 2
    kinds = Entry.objects.order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == [EntryKind.SIGNATURE, EntryKind.SIGNATURE, EntryKind.AUDIT]
    assert verify_chain(lilas.campaign.organisation_id) is None


def test_releasing_twice_is_releasing_once(lilas: Petition, hugo: User, now: datetime) -> None:
    ids = held(lilas)
    release(petition=lilas, signature_ids=ids, by=hugo, now=now)
    assert release(petition=lilas, signature_ids=ids, by=hugo, now=now) == []
    assert figures(lilas) == (1, 1, 0, 0)


def test_signatures_of_another_petition_are_left_alone(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    other = other_petition(lilas)
    foreign = [*held(other), make_signature(other).pk]
    assert release(petition=lilas, signature_ids=foreign, by=hugo, now=now) == []
    assert reject(petition=lilas, signature_ids=foreign, by=hugo, now=now) == []
    assert states(other) == [SignatureState.HELD, SignatureState.COUNTED]
    assert figures(other) == (1, 1, 0, 1)


def test_reject_takes_out_of_the_count_for_good(
    lilas: Petition, hugo: User, valmont: Organisation, now: datetime
) -> None:
    counted = make_signature(lilas, confirmed_at=now)
    kept = make_signature(lilas)
    pending = make_signature(lilas, state=SignatureState.PENDING)
    Comment.objects.create(
        petition=lilas,
        person=person_of(counted),
        text="Insulte longue.",
        state=CommentState.PUBLISHED,
        created_at=now,
    )
    ids = [counted.pk, pending.pk, *held(lilas)]
    assert len(reject(petition=lilas, signature_ids=ids, by=hugo, now=now)) == 3
    counted.refresh_from_db()
    assert (counted.state, counted.number, counted.reason) == ("rejected", 1, HoldReason.TEAM)
    assert Signature.objects.get(pk=ids[2]).reason == HoldReason.RATE
    kept.refresh_from_db()
    assert kept.state == SignatureState.COUNTED
    assert figures(lilas) == (2, 1, 0, 0)
    assert Comment.objects.get().state == CommentState.HIDDEN
    assert Activity.objects.filter(kind=ActivityKind.REJECTED).count() == 3
    kinds = Entry.objects.order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == [EntryKind.WITHDRAWAL, EntryKind.AUDIT]
    assert reject(petition=lilas, signature_ids=ids, by=hugo, now=now) == []


def test_P35_hard_bounce_holds_and_lowers_the_count(
    lilas: Petition, now: datetime, hugo: User
) -> None:
    bounced, kept = make_signature(lilas), make_signature(lilas)
    pending = make_signature(lilas, state=SignatureState.PENDING)
    assert hold_bounced(signature_ids=[bounced.pk, pending.pk], now=now) == 2
    bounced.refresh_from_db()
    assert (bounced.state, bounced.reason, bounced.number) == ("held", HoldReason.BOUNCE, 1)
    assert figures(lilas) == (2, 1, 0, 2)
    assert hold_bounced(signature_ids=[bounced.pk, pending.pk], now=now) == 0
    kept.refresh_from_db()
    assert kept.state == SignatureState.COUNTED
    release(petition=lilas, signature_ids=[bounced.pk, pending.pk], by=hugo, now=now)
    bounced.refresh_from_db()
    pending.refresh_from_db()
    assert (bounced.number, pending.number) == (1, 3)
    assert figures(lilas) == (3, 3, 0, 0)


def test_P35_a_confirmed_one_stays(lilas: Petition, now: datetime) -> None:
    confirmed = make_signature(lilas, confirmed_at=now)
    assert hold_bounced(signature_ids=[confirmed.pk], now=now) == 0
    assert figures(lilas) == (1, 1, 1, 0)


def test_P35_several_petitions_at_once(lilas: Petition, now: datetime) -> None:
    other = other_petition(lilas)
    ids = [make_signature(petition).pk for petition in (lilas, other, lilas)]
    assert hold_bounced(signature_ids=ids, now=now) == 3
    assert (figures(lilas), figures(other)) == ((2, 0, 0, 2), (1, 0, 0, 1))


@pytest.mark.parametrize("verb", [release, reject])
def test_P70_as_many_statements_for_thirty_as_for_one(
    lilas: Petition, hugo: User, now: datetime, verb: object
) -> None:
    one, thirty = held(lilas, 1), held(lilas, 30)
    verb(petition=lilas, signature_ids=held(lilas), by=hugo, now=now)  # type: ignore[operator]  # release or reject
    with CaptureQueriesContext(connection) as few:
        verb(petition=lilas, signature_ids=one, by=hugo, now=now)  # type: ignore[operator]
    with CaptureQueriesContext(connection) as many:
        verb(petition=lilas, signature_ids=thirty, by=hugo, now=now)  # type: ignore[operator]
    assert len(many) == len(few)
