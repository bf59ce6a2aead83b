"""P4: open petitions that look alike are shown before anything is written."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from levier.foundation.accounts.models import User
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition, Version
from tests.cast import NOW, make_petition
from tests.faces.public.launch.walk import WHO
from tests.faces.public.page import parts, words

pytestmark = pytest.mark.django_db
LILAS = "/petitions/piste-cyclable-rue-des-lilas/"


def retitled(petition: Petition, title: str) -> None:
    version = Version.objects.create(
        petition=petition,
        n=2,
        title=title,
        ask="Que la Ville agisse.",
        story="<p>Rien.</p>",
        sha256=bytes(32),
        created_at=NOW,
        published_at=NOW,
    )
    Petition.objects.filter(pk=petition.pk).update(version=version)


@pytest.mark.parametrize(
    "subject",
    ["piste cyclable rue des Lilas", "des PISTES CYCLABLES", "cyclable", "rue des lilas a velo"],
)
def test_P04_a_petition_on_the_same_thing_is_shown_before_writing(
    client: Client, lilas: Petition, subject: str
) -> None:
    client.get("/lancer/")
    answer = client.post("/lancer/", {**WHO, "subject": subject})
    assert answer["Location"] == "/lancer/semblables/"
    page = client.get(answer["Location"])
    assert "Une pétition ressemble à la vôtre" in words(page)
    assert {LILAS, "/lancer/demande/"} <= set(parts(page).links)


@pytest.mark.parametrize("subject", ["cantine scolaire", "", "de la et le", "'’«» & | !"])
def test_P04_nothing_alike_goes_straight_on(client: Client, lilas: Petition, subject: str) -> None:
    client.get("/lancer/")
    answer = client.post("/lancer/", {**WHO, "subject": subject})
    assert answer["Location"] == "/lancer/demande/"
    assert client.get("/lancer/semblables/")["Location"] == "/lancer/demande/"


@pytest.mark.parametrize(
    "state", [PetitionState.DRAFT, PetitionState.IN_REVIEW, PetitionState.CLOSED]
)
def test_P04_only_open_petitions_are_shown(client: Client, lilas: Petition, state: str) -> None:
    Petition.objects.update(state=state)
    client.get("/lancer/")
    answer = client.post("/lancer/", {**WHO, "subject": "piste cyclable"})
    assert answer["Location"] == "/lancer/demande/"


def test_P04_the_nearest_comes_first_and_five_are_enough(
    client: Client, lilas: Petition, aicha: User
) -> None:
    for n in range(6):
        retitled(
            make_petition(lilas.campaign, aicha, f"piste-{n}"), f"Une piste cyclable au stade {n}"
        )
    client.get("/lancer/")
    client.post("/lancer/", {**WHO, "subject": "piste cyclable rue des Lilas"})
    found = [
        link for link in parts(client.get("/lancer/semblables/")).links if "/petitions/" in link
    ]
    assert len(found) == 5
    assert found[0] == LILAS


def test_P04_costs_the_same_with_one_and_three(
    client: Client,
    lilas: Petition,
    aicha: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.get("/lancer/")
    client.post("/lancer/", {**WHO, "subject": "piste cyclable"})
    queries = 6  # the transaction (3), the draft, what is alike, tallies
    with django_assert_num_queries(queries):
        client.get("/lancer/semblables/")
    for n in range(2):
        make_petition(lilas.campaign, aicha, f"piste-{n}")
    with django_assert_num_queries(queries):
        client.get("/lancer/semblables/")
