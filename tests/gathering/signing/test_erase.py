from datetime import datetime

import pytest

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.models.suppression import Suppression
from levier.foundation.people.rules import is_suppressed
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing import mails
from levier.gathering.signing.actions.erase import erase
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from tests.cast import make_campaign, make_petition, make_signature, make_user, person_of

EMAIL = "paul@exemple.fr"


@pytest.fixture
def paul(lilas: Petition, now: datetime) -> Signature:
    """Confirmed, with words, a share code, a mail on its way and a network key."""
    signature = make_signature(
        lilas,
        EMAIL,
        first_name="Paul",
        last_name="Tremblay",
        confirmed_at=now,
        network_key=b"n" * 16,
        extra={"métier": "facteur"},
        show_name=True,
    )
    Comment.objects.create(
        petition=lilas, person=person_of(signature), text="Pour la rue.", created_at=now
    )
    mails.thanks(signatures=[signature], now=now)
    return signature


def point(signature: Signature) -> ContactPoint:
    assert signature.contact_point is not None
    return signature.contact_point


def figures(petition: Petition) -> tuple[int, int, int, int]:
    """Last number, counted, confirmed, held."""
    assert discrepancies() == []
    tally = Tally.objects.get(petition=petition)
    return tally.last_number, tally.counted, tally.confirmed, tally.held


def test_P64_signature_stays_counted_and_nobody_s(
    paul: Signature, lilas: Petition, now: datetime
) -> None:
    erase(contact_point=point(paul), withdraw_too=False, now=now)
    paul.refresh_from_db()
    assert (paul.number, paul.state, paul.signed_at) == (1, SignatureState.COUNTED, now)
    assert paul.version_id == lilas.version_id
    assert {paul.first_name, paul.last_name, paul.postcode, paul.country} == {""}
    assert {paul.person, paul.contact_point, paul.network_key, paul.salt, paul.extra} == {None}
    assert (paul.show_name, paul.anonymised_at) == (False, now)
    assert figures(lilas) == (1, 1, 1, 0)


def test_P64_nothing_is_left_but_the_refusal(
    paul: Signature, valmont: Organisation, now: datetime
) -> None:
    assert Delivery.objects.count() == 1
    erase(contact_point=point(paul), withdraw_too=False, now=now)
    for model in (Comment, ReferralCode, Delivery):
        assert not model.objects.exists()
    assert EMAIL not in str(ContactPoint.objects.values("typed", "canonical").get())
    told = Activity.objects.filter(person__isnull=False)  # who was recounted is nobody's news
    assert list(told.values_list("kind", flat=True)) == ["erased"]
    assert Suppression.objects.count() == 1
    assert is_suppressed(organisation=valmont, channel="email", canonical=EMAIL)


def test_P64_withdraws_only_when_asked(paul: Signature, lilas: Petition, now: datetime) -> None:
    erase(contact_point=point(paul), withdraw_too=True, now=now)
    paul.refresh_from_db()
    assert (paul.number, paul.state) == (1, SignatureState.WITHDRAWN)
    assert figures(lilas) == (1, 0, 0, 0)
    assert not Delivery.objects.exists()


def test_P64_what_was_not_counted_yet_leaves(lilas: Petition, now: datetime) -> None:
    pending = make_signature(lilas, state=SignatureState.PENDING)
    erase(contact_point=point(pending), withdraw_too=False, now=now)
    pending.refresh_from_db()
    assert (pending.state, pending.person) == (SignatureState.WITHDRAWN, None)


def test_P64_acts_in_one_organisation(
    paul: Signature, droits_debout: Organisation, now: datetime
) -> None:
    claire = make_user("c@exemple.fr", "Claire", droits_debout)
    there = make_signature(make_petition(make_campaign(droits_debout), claire, "autre"), EMAIL)
    erase(contact_point=point(paul), withdraw_too=True, now=now)
    there.refresh_from_db()
    assert (there.first_name, there.state) == ("Camille", SignatureState.COUNTED)
    assert there.contact_point is not None


def test_P46_others_keep_their_place_without_who_brought_them(
    paul: Signature, lilas: Petition, now: datetime
) -> None:
    guest = make_signature(lilas, referred_by=paul)
    erase(contact_point=point(paul), withdraw_too=False, now=now)
    guest.refresh_from_db()
    assert (guest.first_name, guest.state, guest.number) == ("Camille", SignatureState.COUNTED, 2)
    assert ReferralCode.objects.filter(signature=guest).count() == 1


def test_P22_same_mailbox_may_sign_again_as_somebody_new(
    paul: Signature, lilas: Petition, now: datetime
) -> None:
    erase(contact_point=point(paul), withdraw_too=False, now=now)
    again = make_signature(lilas, EMAIL)
    assert again.number == 2
    assert figures(lilas) == (2, 2, 1, 0)
