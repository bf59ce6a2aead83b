"""Words to share: the team's, or ours; never too long for where they go (P44)."""

from datetime import datetime

import pytest

from levier.foundation.accounts.models import Membership, User
from levier.gathering.petitions.actions.sharing import set_share_texts
from levier.gathering.petitions.enums import ShareNetwork
from levier.gathering.petitions.forms.sharing import ShareTextsForm
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.share_text import ShareText
from levier.gathering.petitions.queries import share_texts_above, share_texts_of
from levier.gathering.petitions.rules.share_texts import LONGEST as ANY_LONGEST
from levier.gathering.petitions.rules.share_texts import (
    default_words,
    room_for,
    weight,
    words_for,
)
from tests.cast import make_campaign

LONGEST = Version(title="W" * 120, ask="É" * 300)


@pytest.mark.parametrize("network", ShareNetwork)
def test_P44_our_words_fit_everywhere_with_the_longest_title(network: ShareNetwork) -> None:
    words = default_words(network, LONGEST)
    assert LONGEST.title in words
    assert weight(network, words) <= room_for(network)


def test_X_counts_an_emoji_for_two() -> None:
    assert weight("x", "été 🐝") == 6
    assert weight("mastodon", "été 🐝") == 5


def test_the_team_s_words_come_first() -> None:
    assert words_for("x", LONGEST, {"x": "Signez !"}) == "Signez !"
    assert words_for("mastodon", LONGEST, {"x": "Signez !"}) != "Signez !"


@pytest.mark.django_db
def test_words_are_kept_changed_and_given_back(lilas: Petition, hugo: User, now: datetime) -> None:
    set_share_texts(whose=lilas, texts={"x": "Un", "email": "Deux"}, by=hugo, now=now)
    set_share_texts(whose=lilas, texts={"x": "", "email": "Trois"}, by=hugo, now=now)
    assert share_texts_of(lilas.pk) == {"email": "Trois"}
    pk = ShareText.objects.get().pk
    set_share_texts(whose=lilas, texts={"x": "", "email": "Trois"}, by=hugo, now=now)
    assert ShareText.objects.get().pk == pk


def test_words_too_long_are_refused_by_how_much() -> None:
    typed = {"x": "é" * 257, "bluesky": "é" * 300, "mastodon": "é"}
    form = ShareTextsForm(typed, version=LONGEST, shown=dict.fromkeys(ShareNetwork, ""))
    assert not form.is_valid()
    assert set(form.errors) == {"x", "bluesky"}
    assert "Trop long de 1 caractères" in form.errors["x"][0]


@pytest.mark.django_db
def test_words_are_inherited_from_the_campaign_then_from_the_organisation(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    campaign = lilas.campaign
    organisation = campaign.organisation
    for whose, texts in (
        (organisation, {"x": "Organisation", "email": "Organisation", "bluesky": "Organisation"}),
        (campaign, {"x": "Campagne", "email": "Campagne"}),
        (lilas, {"x": "Pétition"}),
    ):
        set_share_texts(whose=whose, texts=texts, by=hugo, now=now)
    assert share_texts_of(lilas.pk) == {
        "x": "Pétition",
        "email": "Campagne",
        "bluesky": "Organisation",
    }
    assert share_texts_above(lilas)["x"] == "Campagne"
    set_share_texts(whose=lilas, texts={"x": ""}, by=hugo, now=now)
    set_share_texts(whose=campaign, texts={"x": "", "email": ""}, by=hugo, now=now)
    assert share_texts_of(lilas.pk) == dict.fromkeys(("x", "email", "bluesky"), "Organisation")


@pytest.mark.django_db
def test_words_of_another_organisation_or_campaign_are_not_inherited(
    lilas: Petition, claire: User, hugo: User, now: datetime
) -> None:
    theirs = Membership.objects.get(user=claire).organisation
    other = make_campaign(lilas.campaign.organisation)
    set_share_texts(whose=theirs, texts={"x": "Chez eux"}, by=claire, now=now)
    set_share_texts(whose=other, texts={"x": "Autre campagne"}, by=hugo, now=now)
    assert share_texts_of(lilas.pk) == {}


def test_inherited_words_name_the_petition() -> None:
    version = Version(title="Une piste, vite !", ask="Nous demandons une piste.")
    said = words_for("mastodon", version, {"mastodon": "Signez « {titre} » : {demande} {autre}"})
    assert said == "Signez « Une piste, vite ! » : Nous demandons une piste. {autre}"


def test_words_that_a_petition_makes_too_long_give_way_to_ours() -> None:
    version = Version(title="Une piste", ask="é" * 300)
    assert words_for("x", version, {"x": "{demande}"}) == default_words("x", version)


def test_words_above_a_petition_must_fit_with_the_longest_title() -> None:
    typed = {"x": "{titre}" + "é" * 137, "bluesky": "{demande}"}
    form = ShareTextsForm(typed, version=ANY_LONGEST, shown=dict.fromkeys(ShareNetwork, ""))
    assert not form.is_valid()
    assert set(form.errors) == {"x", "bluesky"}
    assert "Trop long de 1 caractères" in form.errors["x"][0]
