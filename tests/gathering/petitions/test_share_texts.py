"""Words to share: the team's, or ours; never too long for where they go (P44)."""

from datetime import datetime

import pytest

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.sharing import set_share_texts
from levier.gathering.petitions.enums import ShareNetwork
from levier.gathering.petitions.forms.sharing import ShareTextsForm
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.share_text import ShareText
from levier.gathering.petitions.queries import share_texts_of
from levier.gathering.petitions.rules.share_texts import (
    default_words,
    room_for,
    weight,
    words_for,
)

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
    set_share_texts(petition=lilas, texts={"x": "Un", "email": "Deux"}, by=hugo, now=now)
    set_share_texts(petition=lilas, texts={"x": "", "email": "Trois"}, by=hugo, now=now)
    assert share_texts_of(lilas.pk) == {"email": "Trois"}
    pk = ShareText.objects.get().pk
    set_share_texts(petition=lilas, texts={"x": "", "email": "Trois"}, by=hugo, now=now)
    assert ShareText.objects.get().pk == pk


def test_words_too_long_are_refused_by_how_much() -> None:
    form = ShareTextsForm({"x": "é" * 257, "bluesky": "é" * 300, "mastodon": "é"}, version=LONGEST)
    assert not form.is_valid()
    assert set(form.errors) == {"x", "bluesky"}
    assert "Trop long de 1 caractères" in form.errors["x"][0]
