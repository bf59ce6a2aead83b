"""What changed between two dated texts, in words (P6)."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from levier.foundation.accounts.models import User
from levier.foundation.common.text_changes import Change, Piece, changes, paragraphs_of
from levier.gathering.petitions.actions.drafting import Words
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.opening import revise_petition
from tests.faces.public.page import html, parts, words

PAGE = "/petitions/piste-cyclable-rue-des-lilas/versions/"
ASK = (
    "Nous demandons à Mme Diallo de faire voter, avant l’été 2027, une piste cyclable protégée "
    "et continue sur les 1,4 km de la rue des Lilas."
)


@pytest.fixture
def revised(lilas: Petition, aicha: User, now: datetime) -> Petition:
    five = "<p>Chaque matin, cinq cents enfants rejoignent le collège par cette rue.</p>"
    stories = (five, f"{five}<p>Nous ne voulons pas attendre.</p>")
    for n, story in enumerate(stories, start=1):
        said = Words(title="Une piste cyclable rue des Lilas", ask=ASK, story=story)
        revise_petition(petition=lilas, words=said, by=aicha, now=now + timedelta(days=n))
    return lilas


def test_P06_each_version_says_what_it_changed(client: Client, revised: Petition) -> None:
    assert {f"{PAGE}2/", f"{PAGE}3/"} <= set(parts(client.get(PAGE)).links)
    response = client.get(f"{PAGE}2/")
    said = words(response)
    assert "Du texte du 16 septembre 2026 à celui du 17 septembre 2026." in said
    source = html(response)
    assert "[retiré]</span> quatre</del>" in source
    assert "[ajouté]</span> cinq</ins>" in source
    assert "enfants rejoignent le collège" in said
    assert said.count("Rien n’a changé.") == 2  # the title and the demand


def test_any_two_dates_can_be_compared(client: Client, revised: Petition) -> None:
    both = words(client.get(f"{PAGE}3/", {"depuis": "1"}))
    assert "Du texte du 16 septembre 2026 à celui du 18 septembre 2026." in both
    assert "[ajouté]Nous ne voulons pas attendre." in both
    assert "[retiré] quatre" in both
    alone = words(client.get(f"{PAGE}3/"))
    assert "[retiré] quatre" not in alone


@pytest.mark.parametrize("address", ["1/", "9/", "3/?depuis=9", "3/?depuis=3"])
def test_what_cannot_be_compared_is_not_found(
    client: Client, revised: Petition, address: str
) -> None:
    assert client.get(f"{PAGE}{address}").status_code == 404


@pytest.mark.parametrize("since", ["", "abc", "-1", "٣", "9" * 50])
def test_a_strange_date_compares_with_the_version_before(
    client: Client, revised: Petition, since: str
) -> None:
    assert "Du texte du 17" in words(client.get(f"{PAGE}3/", {"depuis": since}))


def test_words_are_compared_inside_a_paragraph_that_changed() -> None:
    assert changes(("Un deux trois.",), ("Un six trois.", "Fin.")) == (
        (
            Piece(Change.SAME, "Un"),
            Piece(Change.REMOVED, " deux"),
            Piece(Change.ADDED, " six"),
            Piece(Change.SAME, " trois."),
        ),
        (Piece(Change.ADDED, "Fin."),),
    )


def test_a_story_is_read_paragraph_by_paragraph() -> None:
    story = "<h2>Titre</h2>\n<p>Un <strong>mot</strong> &amp; deux.<br>Suite</p><ul><li>a</li></ul>"
    assert paragraphs_of(story) == ("Titre", "Un mot & deux.", "Suite", "a")
