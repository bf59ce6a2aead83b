"""The news from « Mes signatures », from `/lancer/`, and in the memory of the front."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from levier.faces.public.front.cache import KEPT_PATHS
from levier.gathering.petitions.models.launch import LaunchDraft
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.queries import origin_at
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.rules.links import my_token
from levier.gathering.updates.enums import Answer, AskKind
from levier.gathering.updates.models.response import Response
from tests.cast import NOW, make_petition, make_signature
from tests.faces.public.page import html, parts, words
from tests.news import TITLE, make_news, make_response

ROOT = "/petitions/piste-cyclable-rue-des-lilas/"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    return make_signature(lilas, "paul@exemple.fr", first_name="Paul", last_name="Tremblay")


def my_page(signature: Signature) -> str:
    return f"/moi/{my_token(signature.contact_point_id or 0, now=NOW)}/"


def test_U59_my_answers_are_on_my_page_with_the_way_back(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    make_response(ask, paul, words="Ma fille y va à vélo.")
    make_response(make_news(lilas), make_signature(lilas), Answer.DONE, words="d’une autre")
    answer = client.get(my_page(paul))
    assert f"{TITLE} Ma réponse : a écrit." in words(answer)
    (back,) = [one for one in parts(answer).links if one.endswith("#repondre")]
    assert "Ma fille y va à vélo." in html(client.get(back))
    assert "Reprendre mon témoignage" in words(client.get(back))


def test_without_news_the_page_says_nothing_of_them(client: Client, paul: Signature) -> None:
    assert "Les nouvelles que j’ai reçues" not in words(client.get(my_page(paul)))


def test_my_file_has_my_answers(client: Client, lilas: Petition, paul: Signature) -> None:
    make_response(make_news(lilas, AskKind.TESTIFY), paul, words="À vélo.", for_press=True)
    answer = client.post(f"{my_page(paul)}telecharger/")
    (mine,) = json.loads(answer.content)["réponses"]
    assert (mine["mots"], mine["donné à la presse"]) == ("À vélo.", True)


def test_erasing_my_data_erases_my_answers(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    make_response(ask, paul, words="À vélo.")
    kept = make_response(ask, make_signature(lilas), words="Moi aussi.")
    client.post(f"{my_page(paul)}effacer/")
    assert list(Response.objects.values_list("pk", flat=True)) == [kept.pk]


def test_U53_the_first_step_takes_theme_and_origin_from_the_link(
    client: Client, lilas: Petition
) -> None:
    path = "/lancer/?theme=transports&origine=piste-cyclable-rue-des-lilas"
    shown = client.get(path)
    assert parts(shown).fields["origin"]["value"] == "piste-cyclable-rue-des-lilas"
    assert '<option value="transports" selected>' in html(shown)
    client.post("/lancer/", {"origin": "piste-cyclable-rue-des-lilas", "search": "maire"})
    assert LaunchDraft.objects.get().typed["origin"] == "piste-cyclable-rue-des-lilas"
    again = client.get("/lancer/?origine=autre")
    assert parts(again).fields["origin"]["value"] == "piste-cyclable-rue-des-lilas"


@pytest.mark.parametrize("slug", ["", "inconnue", "a b", "x" * 500, "a\x00b", "é", "'; --"])
def test_U53_an_origin_that_leads_nowhere_is_no_error(
    client: Client, lilas: Petition, slug: str
) -> None:
    assert origin_at(slug) is None
    assert client.get("/lancer/", {"origine": slug, "theme": slug}).status_code == 200


def test_U53_the_origin_is_a_petition_in_public(lilas: Petition) -> None:
    make_petition(lilas.campaign, lilas.author, "brouillon", "draft")
    assert origin_at("piste-cyclable-rue-des-lilas") == lilas
    assert origin_at("brouillon") is None


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("mises-a-jour/", True),
        ("mises-a-jour/12/", True),
        ("mises-a-jour/flux.atom", True),
        ("mises-a-jour/12/pour/abc/", False),
        ("mises-a-jour/12/merci/abc/", False),
        ("mises-a-jour/12/lien/envoye/", False),
        ("mises-a-jour/12/repondre/", False),
    ],
)
def test_the_front_keeps_what_is_the_same_for_all_alone(path: str, kept: bool) -> None:
    assert bool(KEPT_PATHS.fullmatch(ROOT + path)) is kept
