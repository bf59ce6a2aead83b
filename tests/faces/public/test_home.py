import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.models import Theme
from levier.foundation.common.full_text import every_word, text_vector
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import SEARCHED, Petition, Slug, Version
from levier.gathering.signing.models.tally import Tally
from tests.cast import NOW, make_campaign, make_petition
from tests.faces.public.page import html, parts, words

QUERIES = 8  # the transaction (3), themes, how many, open ones, won ones, tallies


def retitle(petition: Petition, title: str, story: str = "<p>Rien.</p>") -> None:
    version = Version.objects.create(
        petition=petition,
        n=2,
        title=title,
        ask="Nous demandons un vote.",
        story=story,
        sha256=bytes(32),
        created_at=NOW,
        published_at=NOW,
    )
    Petition.objects.filter(pk=petition.pk).update(version=version)


def test_lists_open_petitions_with_their_count(client: Client, lilas: Petition) -> None:
    Tally.objects.update(last_number=8685, counted=8685, confirmed=7012, paper=3)
    response = client.get("/")
    said = words(response)
    assert "Une piste cyclable rue des Lilas" in said
    assert "8 688 signatures, dont 7 012 confirmées et 3 sur papier" in said
    assert "Pétition à Mme Diallo, 3e adjointe au maire, mobilités, Ville de Valmont" in said
    assert "/petitions/piste-cyclable-rue-des-lilas/" in parts(response).links


def test_shows_nothing_that_is_not_open_or_won(
    client: Client, lilas: Petition, aicha: User
) -> None:
    for state in PetitionState.values:
        petition = make_petition(lilas.campaign, aicha, f"en-{state.replace('_', '-')}", state)
        retitle(petition, f"Une pétition {state}")
    said = words(client.get("/"))
    seen = {state for state in PetitionState.values if f"Une pétition {state} " in said}
    assert seen == {PetitionState.OPEN, PetitionState.WON}
    assert said.index("Gagnées") < said.index("Une pétition won")


def test_says_what_to_do_when_nothing_is_open(client: Client, db: None) -> None:
    response = client.get("/")
    assert "Aucune pétition n’est ouverte." in words(response)
    assert "Lancer la première" in words(response)


@pytest.mark.parametrize(
    "search", ["bibliothèque", "BIBLIOTHEQUES", "tanneur", "livre quartier", "  bibliothèque ' "]
)
def test_finds_in_French_with_or_without_accents(
    client: Client, lilas: Petition, aicha: User, search: str
) -> None:
    other = make_petition(lilas.campaign, aicha, "bibliotheque")
    retitle(other, "Sauvons la bibliothèque des Tanneurs", "<p>Un livre par quartier.</p>")
    response = client.get("/", {"q": search})
    said = words(response)
    assert "1 pétition ouverte pour «" in said
    assert "Sauvons la bibliothèque des Tanneurs" in said
    assert "rue des Lilas" not in said
    assert '<meta name="robots" content="noindex">' in html(response)


def test_a_title_weighs_more_than_a_story(client: Client, lilas: Petition, aicha: User) -> None:
    titled = make_petition(lilas.campaign, aicha, "gare")
    retitle(titled, "Une gare pour Valmont")
    told = make_petition(lilas.campaign, aicha, "halle")
    retitle(told, "La halle du marché", "<p>Elle est loin de la gare.</p>")
    said = words(client.get("/", {"q": "gare"}))
    assert said.index("Une gare pour Valmont") < said.index("La halle du marché")


@pytest.mark.parametrize(
    "search", ["\x00", "' OR 1=1 --", "a" * 5000, "<script>", "& | ! ( :*", "«"]
)
def test_any_search_is_answered(client: Client, lilas: Petition, search: str) -> None:
    response = client.get("/", {"q": search})
    assert response.status_code == 200
    assert b"<script>" not in response.content.split(b"<main")[1]


def test_says_so_when_nothing_is_found(client: Client, lilas: Petition) -> None:
    said = words(client.get("/", {"q": "hydravion"}))
    assert "0 pétition ouverte pour « hydravion »" in said
    assert "Aucune pétition ouverte ne contient ces mots." in said


def test_turns_pages(client: Client, lilas: Petition, aicha: User) -> None:
    for n in range(20):
        make_petition(lilas.campaign, aicha, f"petition-{n}")
    assert "Page 1 sur 2" in words(client.get("/"))
    last = client.get("/", {"page": "2"})
    assert parts(last).links.count("/petitions/piste-cyclable-rue-des-lilas/") == 1
    assert client.get("/", {"page": "beaucoup"}).status_code == 200


def test_costs_the_same_with_one_and_three_petitions(
    client: Client,
    lilas: Petition,
    aicha: User,
    droits_debout: Organisation,
    claire: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(QUERIES):
        client.get("/")
    make_petition(make_campaign(droits_debout), claire, "liberez-la-parole")
    make_petition(lilas.campaign, aicha, "gagnee", PetitionState.WON)
    with django_assert_num_queries(QUERIES):
        response = client.get("/")
    assert Slug.objects.count() == 3
    assert {"/petitions/liberez-la-parole/", "/petitions/gagnee/"} <= set(parts(response).links)


def test_a_theme_keeps_its_own_petitions(client: Client, lilas: Petition, aicha: User) -> None:
    for slug, theme in (("gare", "transports"), ("ecole", "ecole")):
        petition = make_petition(lilas.campaign, aicha, slug)
        retitle(petition, f"Une pétition {slug}")
        petition.theme = Theme.objects.get(slug=theme)
        petition.save(update_fields=["theme"])
    everything = client.get("/")
    assert {"?theme=transports", "?theme=ecole"} <= set(parts(everything).links)
    assert "?theme=animaux" not in parts(everything).links
    said = words(client.get("/", {"theme": "transports"}))
    assert "Une pétition gare" in said
    assert "Une pétition ecole" not in said
    assert "rue des Lilas" not in said
    both = words(client.get("/", {"theme": "transports", "q": "gare"}))
    assert "1 pétition ouverte pour « gare » dans « Transports, mobilités »" in both


def test_a_theme_without_petition_says_so_and_one_that_is_none_is_ignored(
    client: Client, lilas: Petition
) -> None:
    empty = words(client.get("/", {"theme": "animaux"}))
    assert "Aucune pétition n’est ouverte sur ce thème." in empty
    assert "Lancer la première" in empty
    for theme in ("rien-de-tel", "\x00", "'", "a" * 500):
        assert "rue des Lilas" in words(client.get("/", {"theme": theme}))


def test_pages_keep_the_theme(client: Client, lilas: Petition, aicha: User) -> None:
    theme = Theme.objects.get(slug="transports")
    for n in range(21):
        petition = make_petition(lilas.campaign, aicha, f"petition-{n}")
        Petition.objects.filter(pk=petition.pk).update(theme=theme)
    assert "?theme=transports&page=2" in parts(client.get("/", {"theme": "transports"})).links


def test_the_search_is_made_by_the_index(lilas: Petition) -> None:
    found = Version.objects.annotate(text=text_vector(SEARCHED)).filter(text=every_word("piste"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "version_text" in found.explain()


def test_P42_no_cookie(client: Client, lilas: Petition) -> None:
    response = client.get("/")
    assert response.cookies == {}
    assert "Cookie" not in response["Vary"]
    assert response["Cache-Control"].startswith("public, max-age=5,")
