"""From a draft that only the team sees to an open petition with its count."""

import json
from datetime import datetime

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.models import Campaign
from levier.foundation.directory.models import Mandate
from levier.foundation.ledger.models import Entry
from levier.gathering.petitions.actions.drafting import (
    Words,
    save_draft,
    set_addressee,
    start_draft,
)
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.errors import NotReady, WrongState
from levier.gathering.petitions.models.petition import Petition, Slug, Version
from levier.gathering.signing.actions.opening import open_petition
from levier.gathering.signing.models.tally import Tally
from tests.cast import make_addressee, make_campaign

pytestmark = pytest.mark.django_db
WORDS = Words(title="Où est l’œuvre ?", ask="Que la Ville ouvre le musée.", story="<p>Voilà.</p>")


@pytest.fixture
def campaign(valmont: object, aicha: User) -> Campaign:
    return make_campaign(valmont)  # type: ignore[arg-type]


def addressed(petition: Petition, aicha: User, now: datetime) -> Petition:
    make_addressee(petition.campaign.organisation)
    return set_addressee(petition=petition, mandate=Mandate.objects.get(), by=aicha, now=now)


def test_a_draft_has_words_and_an_address_of_its_own(
    campaign: Campaign, aicha: User, now: datetime
) -> None:
    first = start_draft(campaign=campaign, words=WORDS, by=aicha, now=now)
    second = start_draft(campaign=campaign, words=WORDS, by=aicha, now=now)
    assert first.state == PetitionState.DRAFT
    assert first.version is None
    assert [Slug.objects.get(petition=one).slug for one in (first, second)] == [
        "ou-est-l-oeuvre",
        "ou-est-l-oeuvre-2",
    ]
    assert not Tally.objects.exists()


def test_publishing_opens_the_petition_and_its_count(
    campaign: Campaign, aicha: User, now: datetime
) -> None:
    draft = addressed(start_draft(campaign=campaign, words=WORDS, by=aicha, now=now), aicha, now)
    petition = open_petition(petition=draft, by=aicha, now=now)
    petition.refresh_from_db()
    assert (petition.state, petition.published_at) == (PetitionState.OPEN, now)
    assert petition.version is not None
    assert petition.version.title == WORDS.title
    assert Tally.objects.get(petition=petition).counted == 0
    last = json.loads(bytes(Entry.objects.order_by("-seq")[0].leaf))
    assert last["act"] == "petitions.publish"
    assert last["sha256"] == bytes(petition.version.sha256).hex()
    with pytest.raises(WrongState):
        open_petition(petition=draft, by=aicha, now=now)


@pytest.mark.parametrize("lacking", ["title", "ask", "story"])
def test_a_petition_that_lacks_words_is_not_published(
    campaign: Campaign, aicha: User, now: datetime, lacking: str
) -> None:
    words = Words(**{**vars(WORDS), lacking: " "})
    draft = addressed(start_draft(campaign=campaign, words=words, by=aicha, now=now), aicha, now)
    with pytest.raises(NotReady):
        open_petition(petition=draft, by=aicha, now=now)
    assert Version.objects.get(petition=draft).published_at is None


def test_a_petition_to_nobody_in_particular_is_not_published(
    campaign: Campaign, aicha: User, now: datetime
) -> None:
    draft = start_draft(campaign=campaign, words=WORDS, by=aicha, now=now)
    set_addressee(petition=draft, mandate=None, text="le musée", by=aicha, now=now)
    with pytest.raises(NotReady):
        open_petition(petition=draft, by=aicha, now=now)


def test_a_draft_is_written_again_in_place(campaign: Campaign, aicha: User, now: datetime) -> None:
    draft = start_draft(campaign=campaign, words=WORDS, by=aicha, now=now)
    save_draft(petition=draft, words=Words(**{**vars(WORDS), "title": "Mieux"}), by=aicha, now=now)
    version = Version.objects.get(petition=draft)
    assert (version.n, version.title) == (1, "Mieux")


def test_a_published_petition_is_not_a_draft_any_more(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    with pytest.raises(WrongState):
        save_draft(petition=lilas, words=WORDS, by=aicha, now=now)
    with pytest.raises(WrongState):
        set_addressee(petition=lilas, mandate=None, by=aicha, now=now)
