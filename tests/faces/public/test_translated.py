"""The page in another language: its own words and address, the same count and form."""

from datetime import datetime

import pytest
from django.test import Client

from levier.faces.public.front.cache import KEPT_PATHS
from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import Words
from levier.gathering.petitions.actions.translating import publish_translation
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.signing.actions.opening import revise_petition, translate_petition
from levier.gathering.signing.models.tally import Tally
from tests.faces.public.page import html, parts, words

PAGE = "/petitions/piste-cyclable-rue-des-lilas/"
ENGLISH = Words(
    title="A cycle lane on Lilac Street",
    ask="We ask Ms Diallo for a vote on a cycle lane before summer 2027.",
    story="<p>Four hundred children ride there.</p><script>alert(1)</script>",
)


@pytest.fixture
def english(lilas: Petition, aicha: User, now: datetime) -> Petition:
    translate_petition(petition=lilas, language="en", words=ENGLISH, by=aicha, now=now)
    publish_translation(petition=lilas, language="en", by=aicha, now=now)
    return lilas


def test_the_words_are_in_their_language_and_said_so(client: Client, english: Petition) -> None:
    Tally.objects.update(last_number=42, counted=42)
    response = client.get(f"{PAGE}en/")
    source = html(response)
    assert '<h1 class="hero-title" lang="en" dir="ltr">A cycle lane on Lilac Street</h1>' in source
    assert '<p class="lede" lang="en" dir="ltr">We ask Ms Diallo' in source
    assert "Four hundred children ride there." in words(response)
    assert "alert(1)" not in source
    assert "quatre cents enfants" not in words(response)
    assert "42 signatures" in words(response)
    assert 'action="/petitions/piste-cyclable-rue-des-lilas/signer/"' in source


def test_each_address_names_the_others(client: Client, english: Petition) -> None:
    for path, canonical in ((PAGE, PAGE), (f"{PAGE}en/", f"{PAGE}en/")):
        source = html(client.get(path))
        assert f'<link rel="canonical" href="http://testserver{canonical}">' in source
        assert f'hreflang="fr" href="http://testserver{PAGE}"' in source
        assert f'hreflang="en" href="http://testserver{PAGE}en/"' in source
        assert {f"http://testserver{PAGE}", f"http://testserver{PAGE}en/"} <= set(
            parts(client.get(path)).links
        )


def test_without_translation_there_is_no_choice_of_language(
    client: Client, lilas: Petition
) -> None:
    assert "hreflang" not in html(client.get(PAGE))


@pytest.mark.parametrize("language", ["fr", "de", "xx", "zzz"])
def test_a_language_it_is_not_in_is_not_found(
    client: Client, english: Petition, language: str
) -> None:
    assert client.get(f"{PAGE}{language}/").status_code == 404


@pytest.mark.parametrize("state", [PetitionState.IN_REVIEW, PetitionState.DRAFT])
def test_P05_nothing_is_read_before_the_petition_is(
    client: Client, english: Petition, state: str
) -> None:
    Petition.objects.update(state=state)
    assert client.get(f"{PAGE}en/").status_code == 404


def test_it_says_that_the_french_text_has_changed(
    client: Client, english: Petition, aicha: User, now: datetime
) -> None:
    revise_petition(
        petition=english,
        words=Words(title="Autre", ask="Que la Ville vote.", story="<p>Autre.</p>"),
        by=aicha,
        now=now,
    )
    said = words(client.get(f"{PAGE}en/"))
    assert "Traduction du 16 septembre 2026 : le texte français a changé depuis." in said
    assert "A cycle lane on Lilac Street" in said


def test_an_old_address_leads_to_the_current_one(client: Client, english: Petition) -> None:
    Slug.objects.update(current=False)
    Slug.objects.create(petition=english, slug="lilas")
    moved = client.get(f"{PAGE}en/?ref=abcd1234")
    assert (moved.status_code, moved["Location"]) == (301, "/petitions/lilas/en/?ref=abcd1234")


def test_P42_one_rendering_serves_all_and_the_front_keeps_it(
    client: Client, english: Petition
) -> None:
    response = client.get(f"{PAGE}en/")
    assert response.cookies == {}
    assert response["Cache-Control"].startswith("public, max-age=5,")
    assert KEPT_PATHS.fullmatch(f"{PAGE}en/")
    assert not KEPT_PATHS.fullmatch(f"{PAGE}versions/")


def test_P45_the_code_of_who_brought_the_visitor_is_kept(client: Client, english: Petition) -> None:
    fields = parts(client.get(f"{PAGE}en/?ref=abcd1234")).fields
    assert fields["ref"]["value"] == "abcd1234"
