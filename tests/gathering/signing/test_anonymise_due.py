from datetime import datetime, timedelta

import pytest

from levier.foundation.campaigns.models import Campaign
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.consents import give_consent, withdraw_consent
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.enums import CommentState, PetitionState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing import mails
from levier.gathering.signing.actions.anonymise_due import anonymise_due
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from tests.cast import make_campaign, make_petition, make_signature, person_of
from tests.journals import journalled, told, true

NEWS = {"channel": Channel.EMAIL, "purpose": Purpose.ORG_NEWS, "wording": "oui", "source": "moi"}


def close(petition: Petition, at: datetime) -> None:
    Petition.objects.filter(pk=petition.pk).update(state=PetitionState.CLOSED, closed_at=at)


@pytest.fixture
def closed(lilas: Petition, now: datetime) -> Petition:
    """Closed seven months ago; the campaign keeps names for six."""
    close(lilas, now - timedelta(days=213))
    return lilas


def test_P63_names_leave_and_the_count_stays(closed: Petition, now: datetime) -> None:
    signature = make_signature(
        closed,
        "paul@exemple.fr",
        network_key=b"n" * 16,
        extra={"métier": "facteur"},
        show_name=True,
        confirmed_at=now,
    )
    before = Tally.objects.values().get()
    assert anonymise_due(now=now) == 1
    signature.refresh_from_db()
    assert (signature.first_name, signature.last_name, signature.postcode) == ("", "", "35")
    assert (signature.number, signature.state, signature.signed_at) == (1, "counted", now)
    assert signature.version_id == closed.version_id
    gone = (signature.person, signature.contact_point, signature.network_key, signature.salt)
    assert {*gone, signature.extra} == {None}
    assert signature.anonymised_at == now
    assert Tally.objects.values().get() == before
    assert discrepancies() == []


@pytest.mark.parametrize(
    ("postcode", "country", "left"),
    [
        *[("97400", "FR", "974"), ("20200", "FR", "2B"), ("3500", "FR", ""), ("", "FR", "")],
        *[("1000", "BE", "BRU"), ("H2X 1Y4", "CA", "QC"), ("2740", "CH", "JU")],
        *[("10115", "DE", ""), ("", "", "")],
    ],
)
def test_P63_only_the_area_stays(
    closed: Petition, now: datetime, postcode: str, country: str, left: str
) -> None:
    signature = make_signature(closed, postcode=postcode, country=country)
    journalled(closed)
    areas = told(closed)["areas"]
    anonymise_due(now=now)
    signature.refresh_from_db()
    assert signature.postcode == left
    assert told(closed)["areas"] == areas == true(closed)["areas"]


def test_P63_who_agreed_to_something_stays_a_person(closed: Petition, now: datetime) -> None:
    kept, gone, changed = (make_signature(closed).person for _ in range(3))
    assert kept is not None
    assert changed is not None
    give_consent(person=kept, **NEWS, now=now)
    give_consent(person=changed, **NEWS, now=now)
    withdraw_consent(person=changed, **NEWS, now=now)
    assert anonymise_due(now=now) == 3
    assert [person.pk for person in Person.objects.filter(erased_at=None)] == [kept.pk]
    assert Person.objects.exclude(first_name="").get() == kept
    assert ContactPoint.objects.exclude(typed="").get().person == kept
    assert gone is not None


def test_P63_who_signed_elsewhere_stays_a_person(closed: Petition, now: datetime) -> None:
    open_one = make_petition(make_campaign(closed.campaign.organisation), closed.author, "autre")
    here = make_signature(closed)
    there = make_signature(open_one, person=here.person)
    assert anonymise_due(now=now) == 1
    there.refresh_from_db()
    assert (there.first_name, there.person) == ("Camille", here.person)
    assert here.person is not None
    here.person.refresh_from_db()
    assert here.person.erased_at is None


def test_P63_words_stay_without_a_name_if_they_were_public(closed: Petition, now: datetime) -> None:
    for state in (CommentState.PUBLISHED, CommentState.WAITING):
        Comment.objects.create(
            petition=closed,
            person=person_of(make_signature(closed)),
            shown_name="Camille R.",
            text="Pour la rue.",
            state=state,
            created_at=now,
        )
    anonymise_due(now=now)
    kept = Comment.objects.get()
    assert (kept.state, kept.shown_name) == (CommentState.PUBLISHED, "")


def test_P63_mails_leave_with_their_reader(closed: Petition, now: datetime) -> None:
    mails.thanks(signatures=[make_signature(closed)], now=now)
    assert Delivery.objects.count() == 1
    anonymise_due(now=now)
    assert not Delivery.objects.exists()


def test_P63_not_before_its_time(lilas: Petition, now: datetime) -> None:
    make_signature(lilas)
    assert anonymise_due(now=now) == 0
    close(lilas, now - timedelta(days=150))
    assert anonymise_due(now=now) == 0
    Campaign.objects.filter(pk=lilas.campaign_id).update(retention_months=1)
    assert anonymise_due(now=now) == 1


def test_P63_goes_by_batches_until_none_is_left(closed: Petition, now: datetime) -> None:
    for _ in range(3):
        make_signature(closed)
    make_signature(closed, state=SignatureState.HELD)
    done = [anonymise_due(now=now, at_most=3) for _ in range(3)]
    assert done == [3, 1, 0]
    assert not Signature.objects.exclude(first_name="").exists()
