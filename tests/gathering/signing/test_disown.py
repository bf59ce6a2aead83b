from datetime import datetime

import pytest

from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.foundation.ledger.queries import verify_chain
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.enums import ActivityKind, Channel, Purpose
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.rules import is_suppressed
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.actions.confirm import confirm
from levier.gathering.signing.actions.disown import disown
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from tests.cast import make_signature

EMAIL = "li@exemple.fr"
NOT_ME = "Ce n’était pas moi"


@pytest.fixture
def signature(lilas: Petition, now: datetime) -> Signature:
    """A signature with words and an agreement, that its owner never gave; another beside it."""
    make_signature(lilas)
    signature = make_signature(lilas, EMAIL, confirmed_at=None)
    assert signature.person is not None
    Comment.objects.create(
        petition=lilas, person=signature.person, text="Pour les enfants.", created_at=now
    )
    give_consent(
        person=signature.person,
        **news_of(lilas.pk),
        wording="Tenez-moi au courant",
        source=f"signature:{signature.pk}",
        now=now,
    )
    return signature


def agreements(signature: Signature) -> list[bool]:
    states = ConsentState.objects.filter(person=signature.person).order_by("purpose")
    return list(states.values_list("given", flat=True))


def test_P28_removes_signature_comment_and_agreements(
    signature: Signature, lilas: Petition, now: datetime
) -> None:
    gone = disown(signature_id=signature.pk, wording=NOT_ME, now=now)
    assert (gone.state, gone.reason, gone.number) == ("withdrawn", HoldReason.DISOWNED, 2)
    tally = Tally.objects.get(petition=lilas)
    assert (tally.last_number, tally.counted, tally.confirmed) == (2, 1, 0)
    assert discrepancies() == []
    assert not Comment.objects.exists()
    assert agreements(signature) == [False]


def test_P28_address_gets_nothing_more_from_that_petition(
    signature: Signature, lilas: Petition, now: datetime
) -> None:
    disown(signature_id=signature.pk, wording=NOT_ME, now=now)
    address = {"channel": Channel.EMAIL, "canonical": EMAIL}
    organisation = lilas.campaign.organisation
    assert is_suppressed(organisation=organisation, **address, scope=f"petition:{lilas.pk}")
    assert not is_suppressed(organisation=organisation, **address, scope="petition:0")


def test_P28_agreements_given_elsewhere_stay(signature: Signature, now: datetime) -> None:
    assert signature.person is not None
    give_consent(
        person=signature.person,
        channel=Channel.EMAIL,
        purpose=Purpose.ORG_NEWS,
        wording="Autres façons d’agir",
        source="moi",
        now=now,
    )
    disown(signature_id=signature.pk, wording=NOT_ME, now=now)
    assert agreements(signature) == [True, False]


def test_twice_is_once(signature: Signature, lilas: Petition, now: datetime) -> None:
    disown(signature_id=signature.pk, wording=NOT_ME, now=now)
    disown(signature_id=signature.pk, wording=NOT_ME, now=now)
    assert Tally.objects.get(petition=lilas).counted == 1
    assert Activity.objects.filter(kind=ActivityKind.DISOWNED).count() == 1
    assert Entry.objects.filter(kind=EntryKind.WITHDRAWAL).count() == 1
    assert verify_chain(lilas.campaign.organisation_id) is None


def test_a_confirmed_one_leaves_the_confirmed_too(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas, confirmed_at=now)
    disown(signature_id=signature.pk, wording=NOT_ME, now=now)
    tally = Tally.objects.get(petition=lilas)
    assert (tally.counted, tally.confirmed) == (0, 0)


def test_what_the_team_rejected_stays_rejected(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas, state=SignatureState.REJECTED, reason=HoldReason.TEAM)
    gone = disown(signature_id=signature.pk, wording=NOT_ME, now=now)
    assert (gone.state, gone.reason) == (SignatureState.REJECTED, HoldReason.TEAM)
    assert Tally.objects.get(petition=lilas).counted == 0


def test_P22_words_of_a_later_signature_are_kept(
    signature: Signature, lilas: Petition, now: datetime
) -> None:
    Signature.objects.filter(pk=signature.pk).update(state=SignatureState.WITHDRAWN)
    Tally.objects.filter(petition=lilas).update(counted=1)
    later = make_signature(lilas, person=signature.person)
    disown(signature_id=signature.pk, wording=NOT_ME, now=now)
    later.refresh_from_db()
    assert later.state == SignatureState.COUNTED
    assert Comment.objects.count() == 1


def test_P28_confirming_a_new_signature_brings_the_mails_back(
    signature: Signature, lilas: Petition, now: datetime
) -> None:
    disown(signature_id=signature.pk, wording=NOT_ME, now=now)
    again = make_signature(lilas, person=signature.person, contact_point=signature.contact_point)
    confirm(signature_id=again.pk, now=now)
    assert not is_suppressed(
        organisation=lilas.campaign.organisation,
        channel=Channel.EMAIL,
        canonical=EMAIL,
        scope=f"petition:{lilas.pk}",
    )
