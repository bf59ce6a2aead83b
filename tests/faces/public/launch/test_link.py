"""Finding a draft again on another device, by a link sent to one's mailbox."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from levier.gathering.petitions.models.launch import LaunchDraft
from levier.gathering.petitions.rules.launch import DRAFT_AGE, resume_token
from tests.account_mails import queued_account_mails
from tests.faces.public.launch.walk import ASK, only_draft
from tests.faces.public.page import words

pytestmark = pytest.mark.django_db
NADIA = "nadia@courriel.example"


def ask_for_link(client: Client, email: str = NADIA) -> object:
    client.get("/lancer/")
    return client.post("/lancer/demande/", {**ASK, "link_email": email, "act": "lien"})


def link_in_the_mail() -> str:
    found = re.search(
        r"http://testserver(/lancer/reprendre/\S+)", queued_account_mails()[-1]["text"]
    )
    assert found
    return found[1]


def test_the_link_opens_the_draft_on_another_device(client: Client) -> None:
    page = ask_for_link(client)
    assert "Le lien part vers nadia@courriel.example" in words(page)  # type: ignore[arg-type]
    assert queued_account_mails()[-1]["to"] == NADIA
    telephone = Client()
    link = link_in_the_mail()
    assert ASK["ask"] not in telephone.get("/lancer/demande/").text
    shown = telephone.get(link)
    assert shown["Cache-Control"] == "no-store"
    assert ASK["ask"] not in telephone.get("/lancer/demande/").text  # looking opens nothing (P26)
    opened = telephone.post(link)
    assert opened["Location"] == "/lancer/"
    assert ASK["ask"] in telephone.get("/lancer/demande/").text
    assert LaunchDraft.objects.count() == 1


def test_the_step_is_saved_and_the_address_is_not(client: Client) -> None:
    ask_for_link(client)
    typed = only_draft().typed
    assert typed["ask"] == ASK["ask"]
    assert NADIA not in str(typed)


@pytest.mark.parametrize("email", ["", "nadia", "a@b", "x" * 300 + "@exemple.fr"])
def test_an_impossible_address_is_said_and_the_step_is_saved(client: Client, email: str) -> None:
    page = ask_for_link(client, email)
    assert page.status_code == 422  # type: ignore[attr-defined]
    assert ASK["ask"] in page.text  # type: ignore[attr-defined]
    assert only_draft().typed["ask"] == ASK["ask"]
    assert not queued_account_mails()


def test_a_draft_sends_its_link_five_times_and_no_more(client: Client) -> None:
    statuses = [ask_for_link(client).status_code for _ in range(6)]  # type: ignore[attr-defined]
    assert statuses == [200] * 5 + [429]
    assert len(queued_account_mails()) == 5


@pytest.mark.parametrize("token", ["x", "a" * 200, "AAAA-BBBB"])
def test_a_link_that_was_altered_opens_nothing(client: Client, token: str) -> None:
    for method in (client.get, client.post):
        page = method(f"/lancer/reprendre/{token}/")
        assert page.status_code == 410
        assert "Ce brouillon n’est plus là" in words(page)


def test_a_link_dies_with_its_draft(client: Client) -> None:
    ask_for_link(client)
    link = link_in_the_mail()
    client.post("/lancer/effacer/")
    assert Client().get(link).status_code == 410
    old = resume_token("s" * 32, now=timezone.now() - DRAFT_AGE - timedelta(hours=1))
    assert client.get(f"/lancer/reprendre/{old}/").status_code == 410


def test_one_network_does_not_make_us_write_without_end(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = True
    statuses = []
    for _ in range(16):
        visitor = Client()
        statuses.append(ask_for_link(visitor).status_code)  # type: ignore[attr-defined]
    assert statuses == [200] * 15 + [429]  # a draft and a mail each count
