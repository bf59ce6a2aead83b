"""The switches of a petition at the desk, and what the public sees of them."""

import pytest
from django.test import Client

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
LILAS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"


@pytest.fixture
def desk(seat: SeatedAt, hugo: User, lilas: Petition) -> Client:
    return seat(hugo)


def state() -> str:
    return Petition.objects.get().state


def test_pausing_and_resuming(desk: Client) -> None:
    page = desk.post(f"{LILAS}pause/", follow=True).text
    assert "La pétition est en pause" in page
    assert state() == "paused"
    assert "La pétition est rouverte" in desk.post(f"{LILAS}reprendre/", follow=True).text
    assert state() == "open"


def test_P61_closing_is_asked_first_and_reading_changes_nothing(desk: Client) -> None:
    assert "Clore pour de bon" in desk.get(f"{LILAS}clore/").text
    assert state() == "open"
    desk.post(f"{LILAS}clore/")
    assert state() == "closed"
    page = desk.post(f"{LILAS}reprendre/", follow=True).text
    assert "La pétition a changé d’état entre-temps" in page
    assert state() == "closed"


@pytest.mark.parametrize("verb", ["publier", "pause", "reprendre"])
def test_reading_an_address_that_acts_does_nothing(desk: Client, verb: str) -> None:
    assert desk.get(f"{LILAS}{verb}/").status_code == 405
    assert state() == "open"


def test_a_form_from_another_site_is_refused(lilas: Petition, hugo: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(hugo, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(f"{LILAS}clore/").status_code == 403
    assert state() == "open"


def test_P05_a_draft_is_seen_by_the_team_alone(desk: Client, client: Client) -> None:
    Petition.objects.update(state="draft", version=None, published_at=None)
    assert desk.get(f"{LILAS}apercu/").status_code == 200
    assert client.get("/petitions/piste-cyclable-rue-des-lilas/").status_code == 404
