"""P62: what was obtained, said once and for all; P50: nothing left to sign."""

from datetime import date, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.removing import remove
from levier.gathering.petitions.actions.terms import rename
from levier.gathering.petitions.actions.winning import Decision, mark_won
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from tests.cast import make_signature, person_of

pytestmark = pytest.mark.django_db
LILAS = "/petitions/piste-cyclable-rue-des-lilas/"
VICTORY = f"{LILAS}victoire/"
VOTED = Decision(
    decision="Le conseil municipal a voté la piste.\n\nLes travaux commencent en mars.",
    decided_on=date(2026, 9, 14),
    evidence_url="https://valmont.example/deliberations/7",
    evidence_label="Délibération du 14 septembre, point 7",
)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def won(lilas: Petition, aicha: User, now: datetime) -> Petition:
    for _ in range(3):
        make_signature(lilas)
    mark_won(petition=lilas, decision=VOTED, by=aicha, now=now)
    return lilas


def say(petition: Petition, name: str, shown: str, now: datetime, **fields: object) -> Comment:
    person = person_of(make_signature(petition, first_name=name))
    return Comment.objects.create(
        petition=petition,
        person=person,
        shown_name=shown,
        text=f"Oui, dit {name}, trois fois.",
        state="published",
        created_at=now,
        **fields,
    )


def test_P62_ask_decision_day_count_and_evidence(won: Petition, client: Client) -> None:
    page = client.get(VICTORY).text
    assert "une piste cyclable protégée et continue" in page
    assert "<p>Les travaux commencent en mars.</p>" in page
    assert "14\u00a0septembre 2026" in page
    assert '<strong class="tally__number">3</strong>' in page
    assert 'href="https://valmont.example/deliberations/7"' in page
    assert "Délibération du 14\u00a0septembre, point 7" in page.replace("14 sept", "14\u00a0sept")


def test_P62_thanks_name_somebody_who_agreed(won: Petition, client: Client, now: datetime) -> None:
    say(won, "Inès", "", now)
    assert "Merci à ceux et celles qui ont posé des gestes concrets" in client.get(VICTORY).text
    say(won, "Paul", "Paul T.", now)
    page = client.get(VICTORY).text
    assert "Merci à ceux et celles qui, comme Paul, ont posé des gestes concrets" in page
    assert "comme Inès" not in page


def test_P62_P54_a_hidden_comment_names_nobody(
    won: Petition, client: Client, now: datetime
) -> None:
    comment = say(won, "Paul", "Paul T.", now)
    Comment.objects.filter(pk=comment.pk).update(state="hidden")
    assert "comme Paul" not in client.get(VICTORY).text


def test_P62_there_is_no_victory_before_one(lilas: Petition, client: Client) -> None:
    assert client.get(VICTORY).status_code == 404


def test_P50_the_petition_shows_its_result_and_no_form(won: Petition, client: Client) -> None:
    page = client.get(LILAS).text
    assert "C’est gagné" in page
    assert f'href="{VICTORY}"' in page
    assert 'name="email"' not in page
    assert "mailto:" not in page


def test_P42_the_same_for_all_and_no_cookie(won: Petition, client: Client) -> None:
    response = client.get(VICTORY)
    assert "max-age=5" in response["Cache-Control"]
    assert not response.cookies


def test_an_old_address_leads_to_the_new_one(
    won: Petition, aicha: User, client: Client, now: datetime
) -> None:
    rename(petition=won, slug="velo", by=aicha, now=now)
    response = client.get(VICTORY)
    assert (response.status_code, response["Location"]) == (301, "/petitions/velo/victoire/")


def test_a_removed_petition_says_so_and_why_at_every_address(
    lilas: Petition, aicha: User, client: Client, now: datetime
) -> None:
    rename(petition=lilas, slug="velo", by=aicha, now=now)
    remove(petition=lilas, reason="Publiée deux fois, par erreur.", by=aicha, now=now)
    for address in (LILAS, "/petitions/velo/", "/petitions/velo/versions/"):
        response = client.get(address)
        assert response.status_code == 410
        assert "Publiée deux fois, par erreur." in response.text
        assert "Valmont à vélo l’a retirée le 16\u00a0septembre 2026" in response.text
        assert "quatre cents enfants" not in response.text  # its words are gone
        assert response["Cache-Control"] == "no-store"


def test_what_never_was_is_still_not_found(client: Client, lilas: Petition) -> None:
    assert client.get("/petitions/rien-ici/").status_code == 404
