from datetime import datetime, timedelta

import pytest

from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.foundation.ledger.queries import verify_chain
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.enums import ActivityKind, Channel, Purpose
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import ConsentState
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.actions.numbering import number_signatures
from levier.gathering.signing.actions.withdraw import withdraw
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.errors import NoLongerStanding
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from tests.cast import make_campaign, make_petition, make_signature


@pytest.fixture
def signature(lilas: Petition, now: datetime) -> Signature:
    """The second of three, confirmed, featured, receiving two kinds of news."""
    make_signature(lilas)
    signature = make_signature(lilas, "li@exemple.fr", confirmed_at=now)
    make_signature(lilas)
    assert signature.person is not None
    Comment.objects.create(
        petition=lilas,
        person=signature.person,
        text="Pour les enfants.",
        state=CommentState.PUBLISHED,
        featured_at=now,
        created_at=now,
    )
    autres = {"channel": Channel.EMAIL, "purpose": Purpose.ORG_NEWS, "scope": ""}
    for what in (news_of(lilas.pk), autres):
        give_consent(
            person=signature.person,
            **what,
            wording="oui",
            source=f"signature:{signature.pk}",
            now=now,
        )
    return signature


def figures(petition: Petition) -> tuple[int, int, int, int]:
    """Last number, counted, confirmed, held."""
    assert discrepancies() == []
    tally = Tally.objects.get(petition=petition)
    return tally.last_number, tally.counted, tally.confirmed, tally.held


def agreed(signature: Signature) -> dict[str, bool]:
    states = ConsentState.objects.filter(person=signature.person)
    return dict(states.values_list("purpose", "given"))


def test_P32_lowers_the_count_and_frees_no_number(
    signature: Signature, lilas: Petition, now: datetime
) -> None:
    assert figures(lilas) == (3, 3, 1, 0)
    gone = withdraw(signature_id=signature.pk, now=now)
    assert (gone.state, gone.number) == (SignatureState.WITHDRAWN, 2)
    assert figures(lilas) == (3, 2, 0, 0)
    pending = make_signature(lilas, state=SignatureState.PENDING)
    assert number_signatures(petition=lilas, signature_ids=[pending.pk], now=now) == {pending.pk: 4}


def test_P32_hides_the_comment(signature: Signature, now: datetime) -> None:
    withdraw(signature_id=signature.pk, now=now)
    comment = Comment.objects.get()
    assert (comment.state, comment.featured_at) == (CommentState.HIDDEN, None)


def test_P32_stops_the_news_of_that_petition(signature: Signature, now: datetime) -> None:
    withdraw(signature_id=signature.pk, now=now)
    assert agreed(signature) == {"petition_news": False, "org_news": True}


def test_P33_the_news_of_another_petition_goes_on(
    signature: Signature, lilas: Petition, now: datetime
) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), lilas.author, "autre")
    elsewhere = make_signature(other, person=signature.person)
    assert signature.person is not None
    news = news_of(other.pk)
    give_consent(person=signature.person, **news, wording="oui", source="moi", now=now)
    withdraw(signature_id=signature.pk, now=now)
    states = ConsentState.objects.filter(person=signature.person)
    assert dict(states.values_list("scope", "given")) == {
        "": True,
        f"petition:{lilas.pk}": False,
        f"petition:{other.pk}": True,
    }
    elsewhere.refresh_from_db()
    assert elsewhere.state == SignatureState.COUNTED
    assert figures(other) == (1, 1, 0, 0)


def test_receipt_leaves_and_the_log_says_it(
    signature: Signature, lilas: Petition, now: datetime
) -> None:
    withdraw(signature_id=signature.pk, now=now)
    assert Delivery.objects.get().source == f"signature:{signature.pk}:withdrawn"
    assert Entry.objects.get().kind == EntryKind.WITHDRAWAL
    assert verify_chain(lilas.campaign.organisation_id) is None
    told = Activity.objects.get(kind=ActivityKind.WITHDREW)
    assert told.subject == f"signature:{signature.pk}"


def test_twice_is_once(signature: Signature, lilas: Petition, now: datetime) -> None:
    withdraw(signature_id=signature.pk, now=now)
    withdraw(signature_id=signature.pk, now=now + timedelta(hours=1))
    assert figures(lilas) == (3, 2, 0, 0)
    assert Delivery.objects.count() == 1
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "after"),
    [(SignatureState.PENDING, (0, 0, 0, 0)), (SignatureState.HELD, (0, 0, 0, 0))],
)
def test_one_without_a_number_leaves_no_trace_in_the_log(
    lilas: Petition, now: datetime, state: str, after: tuple[int, ...]
) -> None:
    signature = make_signature(lilas, state=state)
    withdraw(signature_id=signature.pk, now=now)
    assert figures(lilas) == after
    assert not Entry.objects.exists()


def test_what_the_team_rejected_cannot_be_withdrawn(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas, state=SignatureState.REJECTED)
    with pytest.raises(NoLongerStanding):
        withdraw(signature_id=signature.pk, now=now)


def test_P22_person_may_sign_again(signature: Signature, lilas: Petition, now: datetime) -> None:
    withdraw(signature_id=signature.pk, now=now)
    again = make_signature(lilas, person=signature.person)
    assert again.number == 4
    assert figures(lilas) == (4, 3, 0, 0)
