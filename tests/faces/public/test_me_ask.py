"""`/moi/`: asking for one's personal link (P29)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.models.delivery import Delivery
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.count_network import LINKS_PER_WINDOW
from levier.gathering.signing.actions.queue_my_link import queue_my_link
from levier.gathering.signing.models.signature import Signature
from tests.asked_links import asked_links, send_asked_links
from tests.cast import NOW, make_campaign, make_petition, make_signature, make_user

EMAIL = "paul@exemple.fr"


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    return make_signature(lilas, EMAIL, first_name="Paul", last_name="Tremblay", confirmed_at=NOW)


def text(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


@pytest.mark.parametrize("typed", [EMAIL, "PAUL@exemple.fr", "inconnue@exemple.fr"])
def test_P29_same_words_whether_known_or_not(client: Client, paul: Signature, typed: str) -> None:
    answer = client.post("/moi/", {"email": typed})
    assert (answer.status_code, answer["Location"]) == (303, "/moi/envoye/")
    assert dict(answer.headers) == dict(client.post("/moi/", {"email": typed}).headers)
    assert "Si cette adresse a signé" in text(client.get("/moi/envoye/"))


def test_P29_the_same_work_whether_known_or_not(client: Client, paul: Signature) -> None:
    """A clock tells nothing either: who is known is looked up by the worker."""
    told = []
    for typed in (EMAIL, "toto@exemple.fr"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.post("/moi/", {"email": typed})
        told.append([re.sub(r"'[^']*'|\d+", "…", query["sql"]) for query in queries])
    known, unknown = told
    assert known == unknown
    assert not any("levier_contactpoint" in sql for sql in known)
    waiting = asked_links()
    assert len(waiting) == 2
    assert len({len(arguments["asked"]) for arguments in waiting}) == 1
    assert not any("exemple" in arguments["asked"] for arguments in waiting)


def test_a_link_asked_for_days_ago_is_not_awaited(paul: Signature) -> None:
    queue_my_link(email=EMAIL, now=timezone.now() - timedelta(days=2))
    send_asked_links()
    assert not Delivery.objects.exists()


def test_P29_the_link_goes_to_that_mailbox_alone(client: Client, paul: Signature) -> None:
    client.post("/moi/", {"email": "  Paul@Exemple.fr "})
    send_asked_links()
    sent = Delivery.objects.select_related("contact_point").get()
    assert sent.contact_point.typed == EMAIL
    address = sent.context["my_url"].removeprefix("http://testserver")
    assert "Paul Tremblay" in text(client.get(address))


def test_P29_unknown_mailbox_gets_nothing(client: Client, paul: Signature) -> None:
    client.post("/moi/", {"email": "inconnue@exemple.fr"})
    send_asked_links()
    assert not Delivery.objects.exists()


def test_one_link_per_organisation_that_knows_the_mailbox(
    client: Client, paul: Signature, droits_debout: Organisation
) -> None:
    claire = make_user("c@exemple.fr", "Claire", droits_debout)
    make_signature(make_petition(make_campaign(droits_debout), claire, "autre"), EMAIL)
    client.post("/moi/", {"email": EMAIL})
    send_asked_links()
    organisations = Delivery.objects.values_list("message__organisation__slug", flat=True)
    assert sorted(organisations) == ["droits-debout", "valmont-a-velo"]


def test_asking_again_and_again_does_not_fill_the_mailbox(client: Client, paul: Signature) -> None:
    for _ in range(3):
        assert client.post("/moi/", {"email": EMAIL}).status_code == 303
    send_asked_links()
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("typed", [EMAIL, "inconnue@exemple.fr"])
def test_P66_one_network_asks_for_thirty_links_in_ten_minutes(
    client: Client, paul: Signature, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for _ in range(LINKS_PER_WINDOW):
        assert client.post("/moi/", {"email": typed}).status_code == 303
    answer = client.post("/moi/", {"email": typed})
    assert answer.status_code == 429
    assert "Réessayez dans 10\u00a0minutes" in text(answer)
    assert f'value="{typed}"' in text(answer)
    elsewhere = client.post("/moi/", {"email": typed}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 303


@pytest.mark.parametrize("typed", ["", "paul", "paul@", "a\x00b@exemple.fr", "é" * 400, "<b>@x"])
def test_wrong_address_is_told_beside_its_field(client: Client, db: None, typed: str) -> None:
    answer = client.post("/moi/", {"email": typed})
    assert answer.status_code == 422
    assert "Cette adresse ne semble pas complète" in text(answer)
    assert 'aria-invalid="true"' in text(answer)
    assert "<b>" not in text(answer)


def test_address_in_another_script_is_accepted(client: Client, db: None) -> None:
    assert client.post("/moi/", {"email": "josé@exämple.fr"}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://ailleurs.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
def test_another_site_cannot_ask(client: Client, paul: Signature, headers: dict[str, str]) -> None:
    answer = client.post("/moi/", {"email": EMAIL}, headers=headers)
    assert answer.status_code == 403
    assert not Delivery.objects.exists()
