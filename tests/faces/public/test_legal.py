import pytest
from django.test import Client
from pytest_django import Settings

from levier.foundation.accounts.models import Organisation
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from tests.faces.public.page import parts, words

PAGES = ["/donnees-personnelles/", "/mentions-legales/", "/accessibilite/"]


@pytest.mark.parametrize("address", PAGES)
def test_names_who_publishes_here(
    client: Client, lilas: Petition, droits_debout: Organisation, address: str
) -> None:
    response = client.get(address)
    assert "bonjour@valmont-a-velo.example" in words(response)
    assert "Droits debout" not in words(response)  # has published nothing
    assert response.cookies == {}


@pytest.mark.parametrize("address", PAGES)
def test_answers_before_anybody_published(client: Client, lilas: Petition, address: str) -> None:
    Petition.objects.update(state=PetitionState.REMOVED)
    response = client.get(address)
    assert response.status_code == 200
    assert "Valmont" not in words(response)


def test_the_legal_notice_names_the_host(
    client: Client, lilas: Petition, settings: Settings
) -> None:
    assert "donnent sur demande le nom" in words(client.get("/mentions-legales/"))
    settings.HOSTED_BY = "Hébergeur associatif, 2 rue du Port, 35000 Rennes, 02 99 00 00 00"
    told = words(client.get("/mentions-legales/"))
    assert settings.HOSTED_BY in told
    assert "donnent sur demande" not in told


def test_robots_stay_out_of_private_places(client: Client, db: None) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /moi/" in lines
    assert "Disallow: /tableau-de-bord/" in lines
    assert "Disallow: /" not in lines


@pytest.mark.parametrize(
    "address", ["/", *PAGES, "/petitions/piste-cyclable-rue-des-lilas/", "/rien/du/tout/"]
)
def test_no_link_of_a_public_page_is_dead(client: Client, lilas: Petition, address: str) -> None:
    links = {link for link in parts(client.get(address)).links if link.startswith("/")}
    assert links
    for link in links:
        if not link.startswith("/static/"):
            assert client.get(link).status_code in (200, 302), link


def test_nothing_there_is_said_with_a_way_on(client: Client, db: None) -> None:
    response = client.get("/rien/du/tout/")
    assert response.status_code == 404
    assert "Cette page n’existe pas" in words(response)
    assert "Voir toutes les pétitions" in words(response)
    assert response["Cache-Control"] == "no-store"


def test_a_form_that_lost_its_token_is_told_how_to_go_on(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/connexion/", {"login": "a@b.fr"})
    assert response.status_code == 403
    assert "Cet envoi n’est pas accepté" in words(response)
    assert "ce que vous avez écrit y est encore" in words(response)
