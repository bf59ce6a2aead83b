"""P1, P2, P3: five steps, each saved on leaving, whatever happens to the browser."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from levier.foundation.accounts.models import User
from levier.foundation.directory.models import Mandate, Organization, PersonInOffice, Post
from levier.gathering.petitions.actions.launching import erase_old_drafts
from levier.gathering.petitions.enums import PetitionState, SwitchKind
from levier.gathering.petitions.models.launch import LaunchDraft
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.switch import Switch
from levier.gathering.petitions.rules.launch import DRAFT_AGE
from tests.faces.public.launch.walk import ASK, STEPS, WHO, WHY, only_draft, write
from tests.faces.public.page import html, parts, words

pytestmark = pytest.mark.django_db
TITLES = [
    "À qui ?",
    "Que demandez-vous ?",
    "Pourquoi vous ?",
    "Image et titre",
    "Relire et publier",
]


def test_P01_there_are_five_steps_and_the_first_says_how_to_begin(client: Client) -> None:
    said = words(client.get("/lancer/"))
    places = [said.index(title) for title in TITLES]
    assert places == sorted(places)
    assert "Commençons par une phrase : qui doit faire quoi, avant quand ?" in said
    assert not LaunchDraft.objects.exists()


def test_P01_each_step_is_saved_on_leaving_and_found_again(client: Client) -> None:
    write(client)
    for path, typed in STEPS.items():
        page = client.get(f"/lancer/{path}")
        for value in typed.values():
            assert value.partition("\n")[0] in html(page)
    assert LaunchDraft.objects.count() == 1


def test_P01_going_back_saves_too_even_what_is_wrong(client: Client) -> None:
    client.get("/lancer/")
    client.post("/lancer/", WHO)
    wrong = "x" * 301
    answer = client.post("/lancer/demande/", {"ask": wrong, "act": "precedent"})
    assert (answer.status_code, answer["Location"]) == (303, "/lancer/")
    assert wrong in client.get("/lancer/demande/").text
    again = client.post("/lancer/", {**WHO, "act": "precedent"})
    assert again["Location"] == "/"
    assert LaunchDraft.objects.count() == 1


def test_P01_closing_the_browser_loses_nothing(client: Client) -> None:
    cookie = client.get("/lancer/").cookies["brouillon"]
    client.post("/lancer/demande/", ASK)
    reopened = Client()
    reopened.cookies["brouillon"] = cookie.value
    assert ASK["ask"] in reopened.get("/lancer/demande/").text
    assert cookie["max-age"] == int(DRAFT_AGE.total_seconds())


@pytest.mark.django_db(transaction=True)
def test_P01_two_tabs_and_a_double_click_write_one_draft(client: Client) -> None:
    secret = client.get("/lancer/").cookies["brouillon"].value

    def post(path: str, typed: dict[str, str]) -> None:
        tab = Client()
        tab.cookies["brouillon"] = secret
        tab.post(path, typed)
        connection.close()

    threads = [Thread(target=post, args=("/lancer/demande/", ASK)) for _ in range(2)]
    threads += [Thread(target=post, args=("/lancer/pourquoi/", WHY)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    draft = only_draft()
    assert draft.typed["ask"] == ASK["ask"]
    assert draft.typed["story"] == WHY["story"]


def test_the_cookie_is_of_these_pages_alone_and_no_script_reads_it(
    client: Client, lilas: Petition, settings: Settings
) -> None:
    settings.HTTPS = True
    cookie = client.get("/lancer/").cookies["brouillon"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/lancer/", True, "Lax")
    assert cookie["secure"]
    for path in ("/", "/petitions/piste-cyclable-rue-des-lilas/", "/moi/"):
        assert Client().get(path).cookies == {}
    assert "no-store" in client.get("/lancer/")["Cache-Control"]


def test_the_secret_is_kept_as_a_hash(client: Client) -> None:
    secret = client.get("/lancer/").cookies["brouillon"].value
    client.post("/lancer/demande/", ASK)
    draft = only_draft()
    assert secret.encode() not in bytes(draft.secret_hash)
    assert secret not in str(draft.typed)


@pytest.mark.parametrize(
    "cookie", ["", "x", "a" * 31, "a" * 33, "é" * 32, "' OR 1=1 --", "a" * 9000]
)
def test_a_cookie_that_we_did_not_give_opens_nothing(client: Client, cookie: str) -> None:
    client.get("/lancer/")
    client.post("/lancer/demande/", ASK)
    stranger = Client()
    stranger.cookies["brouillon"] = cookie
    page = stranger.get("/lancer/demande/")
    assert page.status_code == 200
    assert ASK["ask"] not in page.text


def test_a_browser_without_cookies_is_told_so(client: Client) -> None:
    first = Client().post("/lancer/demande/", ASK)
    assert first["Location"] == "/lancer/pourquoi/?temoin"
    assert "n’a pas gardé le témoin" in Client().get(first["Location"]).text
    client.get("/lancer/")
    assert client.post("/lancer/demande/", ASK)["Location"] == "/lancer/pourquoi/"


def test_another_site_cannot_write(client: Client) -> None:
    answer = client.post("/lancer/demande/", ASK, HTTP_SEC_FETCH_SITE="cross-site")
    assert answer.status_code == 403
    assert not LaunchDraft.objects.exists()


def test_P02_the_advice_names_what_is_missing_and_does_not_block(client: Client) -> None:
    client.get("/lancer/")
    hints = client.get("/lancer/conseils/", {"ask": "Justice !"})
    for missing in ("qui décide", "un verbe", "un résultat", "une date"):
        assert missing in words(hints)
    assert "<html" not in hints.text
    answer = client.post("/lancer/demande/", {"ask": "Justice !"})
    assert answer["Location"] == "/lancer/pourquoi/"


def test_P02_without_javascript_the_advice_comes_by_a_button(client: Client) -> None:
    client.get("/lancer/")
    page = client.post("/lancer/demande/", {"ask": "Justice !", "act": "conseils"})
    assert page.status_code == 200
    assert "il manque encore" in words(page)
    assert only_draft().typed["ask"] == "Justice !"


@pytest.mark.parametrize("ask", ["", "   ", "\n\t", "\u202e"])
def test_P02_only_an_empty_ask_stops(client: Client, ask: str) -> None:
    client.get("/lancer/")
    page = client.post("/lancer/demande/", {"ask": ask})
    assert page.status_code == 422
    assert "Écrivez votre demande" in words(page)
    assert parts(page).fields["ask"]["aria-invalid"] == "true"


@pytest.fixture
def mayor(lilas: Petition) -> Mandate:
    """In the same town hall, in charge of everything, addressed by a public petition too."""
    town = Organization.objects.get()
    owner = lilas.campaign.organisation
    post = Post.objects.create(owner=owner, organization=town, label="Maire de Valmont")
    person = PersonInOffice.objects.create(owner=owner, name="Anne Aubert", honorific_prefix="Mme")
    owner.welcomes_petitions = True
    owner.save()
    return Mandate.objects.create(owner=owner, person=person, post=post)


@pytest.mark.parametrize(
    "search", ["valmont", "VALMONT", "ville de valmont", "maire", "la ville", "Le maire"]
)
def test_P03_the_one_in_charge_comes_before_the_top(
    client: Client, mayor: Mandate, search: str
) -> None:
    said = words(client.get("/lancer/qui/", {"search": search}))
    assert said.index("Khady Diallo") < said.index("Anne Aubert")


@pytest.mark.parametrize(
    "search", ["diallo mobilites", "Khady", "3e adjointe", "mobilités valmont"]
)
def test_P03_the_directory_is_searched_with_or_without_accents(
    client: Client, mayor: Mandate, search: str
) -> None:
    said = words(client.get("/lancer/qui/", {"search": search}))
    assert "Khady Diallo" in said
    assert "Anne Aubert" not in said


def test_P03_what_an_organisation_noted_for_itself_stays_its_own(
    client: Client, lilas: Petition
) -> None:
    Petition.objects.update(state=PetitionState.DRAFT)
    assert "Khady Diallo" not in words(client.get("/lancer/qui/", {"search": "diallo"}))
    mandate = Mandate.objects.get()
    client.get("/lancer/")
    answer = client.post("/lancer/", {**WHO, "mandate": str(mandate.pk)})
    assert answer.status_code == 422
    assert "n’est plus dans l’annuaire" in words(answer)


def test_P03_those_found_are_shown_before_free_words_are_taken(
    client: Client, mayor: Mandate
) -> None:
    client.get("/lancer/")
    typed = {"search": "Valmont"}
    page = client.post("/lancer/", typed)
    assert page.status_code == 200
    assert "Voici qui pourrait décider" in words(page)
    answer = client.post("/lancer/", {**typed, "seen": "Valmont", "mandate": ""})
    assert answer["Location"] == "/lancer/demande/"
    assert only_draft().typed["search"] == "Valmont"


def test_P03_without_javascript_a_button_searches(client: Client, mayor: Mandate) -> None:
    client.get("/lancer/")
    page = client.post("/lancer/", {"search": "Valmont", "act": "chercher"})
    assert "Khady Diallo" in words(page)


def test_saying_nothing_of_who_decides_is_stopped_beside_the_field(client: Client) -> None:
    client.get("/lancer/")
    page = client.post("/lancer/", {"subject": "la rue"})
    assert page.status_code == 422
    assert "Écrivez un nom, une fonction ou un lieu" in words(page)
    assert "la rue" in page.text


@pytest.mark.parametrize(
    ("path", "typed", "sentence"),
    [
        ("", {**WHO, "subject": "x" * 121}, "120"),
        ("", {**WHO, "theme": "rien"}, "choix"),
        ("", {**WHO, "mandate": "9" * 30}, "annuaire"),
        ("demande/", {"ask": "x" * 301}, "300"),
        ("pourquoi/", {"story": "x" * 20_001}, "20000"),
        ("pourquoi/", {"story": ""}, "ce qui se passe"),
        ("image/", {"title": ""}, "titre court"),
        ("image/", {"title": "x" * 121}, "120"),
    ],
)
def test_each_wrong_field_gets_a_sentence_and_keeps_what_was_typed(
    client: Client, path: str, typed: dict[str, str], sentence: str
) -> None:
    client.get("/lancer/")
    page = client.post(f"/lancer/{path}", typed)
    assert page.status_code == 422
    assert sentence in html(page)
    for name in set(typed) - {"theme", "mandate"}:  # those are chosen
        assert typed[name] in html(page)


@pytest.mark.parametrize("value", ["a\x00b", "\ud83d\ude00", "<script>alert(1)</script>", "’«»…"])
def test_anything_typed_is_kept_and_runs_nowhere(client: Client, value: str) -> None:
    value = value.encode("utf-16", "surrogatepass").decode("utf-16")
    client.get("/lancer/")
    client.post("/lancer/demande/", {"ask": value})
    assert only_draft().typed["ask"] == value.replace("\x00", "")
    page = client.get("/lancer/demande/")
    assert "<script>alert" not in page.text


def test_a_draft_nobody_saved_for_a_month_is_erased(client: Client) -> None:
    client.get("/lancer/")
    client.post("/lancer/demande/", ASK)
    now = timezone.now()
    assert erase_old_drafts(now=now + DRAFT_AGE - timedelta(minutes=1)) == 0
    assert erase_old_drafts(now=now + DRAFT_AGE + timedelta(minutes=1)) == 1
    assert not LaunchDraft.objects.exists()
    assert client.get("/lancer/demande/").status_code == 200


def test_a_draft_can_be_erased_at_once(client: Client) -> None:
    client.get("/lancer/")
    client.post("/lancer/demande/", ASK)
    assert client.post("/lancer/effacer/")["Location"] == "/"
    assert not LaunchDraft.objects.exists()
    assert ASK["ask"] not in client.get("/lancer/demande/").text


def test_P71_while_launching_is_off_one_writes_and_is_told(client: Client, aicha: User) -> None:
    Switch.objects.create(
        kind=SwitchKind.LAUNCH,
        sentence="Nous relisons trop de pétitions : revenez lundi.",
        thrown_at=timezone.now(),
    )
    assert "revenez lundi" in words(client.get("/lancer/"))
    assert client.post("/lancer/demande/", ASK).status_code == 303


def test_too_many_drafts_from_one_network_are_stopped_with_what_was_typed(
    settings: Settings, db: Any
) -> None:
    settings.RATE_LIMITS = True
    statuses = set()
    for _ in range(31):
        visitor = Client()
        visitor.get("/lancer/")
        page = visitor.post("/lancer/demande/", ASK)
        statuses.add(page.status_code)
    assert statuses == {303, 429}
    assert ASK["ask"] in page.text
    assert LaunchDraft.objects.count() == 30
