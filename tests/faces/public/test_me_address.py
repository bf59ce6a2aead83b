"""P31 on the pages of the two mailboxes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import ContactState
from levier.foundation.people.models.person import ContactPoint
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.count_network import LINKS_PER_WINDOW
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.rules.links import NEW_ADDRESS_AGE, AddressChange, my_token
from levier.gathering.signing.rules.links import new_address_token as seal_change
from tests.cast import make_signature
from tests.faces.public.page import parts, words

OLD, NEW = "paul@exemple.fr", "paul@exemple.org"


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    return make_signature(lilas, OLD)


@pytest.fixture
def link(paul: Signature) -> str:
    return f"/moi/{my_token(paul.contact_point_id or 0, now=timezone.now())}/"


def address_of(signature: Signature) -> str:
    return Signature.objects.values_list("contact_point__typed", flat=True).get(pk=signature.pk)


def link_sent() -> str:
    delivery = Delivery.objects.get(contact_point__state=ContactState.PENDING)
    found = re.search(r"/moi/nouvelle-adresse/[\w-]+/", delivery.context["confirm_url"])
    assert found is not None
    return found[0]


def test_P31_from_one_mailbox_to_the_other(client: Client, paul: Signature, link: str) -> None:
    assert f"{link}adresse/" in parts(client.get(link)).links
    response = client.post(f"{link}adresse/", {"email": NEW})
    assert (response.status_code, response["Location"]) == (303, f"{link}?fait=nouvelle-adresse")
    said = words(client.get(response["Location"]))
    assert "Rien ne change avant la confirmation." in said
    assert f"Nous attendons la confirmation de {NEW}." in said
    assert address_of(paul) == OLD

    there = link_sent()
    asked = client.get(there)
    assert f"les courriels de Valmont à vélo arrivent à {NEW}" in words(asked)
    assert client.head(there).status_code == 200
    assert address_of(paul) == OLD

    done = client.post(there)
    assert done.status_code == 303
    assert address_of(paul) == NEW
    mine = words(client.get(done["Location"]))
    assert "Votre nouvelle adresse est confirmée." in mine
    assert "Une piste cyclable rue des Lilas" in mine
    assert "Nous attendons" not in mine
    assert client.get(link).status_code == 404
    assert client.get(there).status_code == 404
    assert client.post(there).status_code == 404


def test_P31_pages_are_secret_and_without_cookie(client: Client, link: str) -> None:
    client.post(f"{link}adresse/", {"email": NEW})
    for address in (f"{link}adresse/", link_sent()):
        response = client.get(address)
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"
        assert response.cookies == {}


def test_P31_the_asker_learns_nothing_of_who_has_the_address(
    client: Client, lilas: Petition, link: str
) -> None:
    make_signature(lilas, "marie@exemple.org")
    answers = []
    for email in ("marie@exemple.org", "libre@exemple.org"):
        response = client.post(f"{link}adresse/", {"email": email})
        page = words(client.get(response["Location"])).replace(email, "NEW")
        answers.append((response.status_code, response["Location"], page))
    assert answers[0] == answers[1]


def test_P31_taken_meanwhile_is_told_to_the_new_mailbox(
    client: Client, lilas: Petition, paul: Signature, link: str
) -> None:
    client.post(f"{link}adresse/", {"email": NEW})
    make_signature(lilas, NEW)
    response = client.post(link_sent())
    assert response.status_code == 409
    assert "a maintenant ses propres signatures" in words(response)
    assert address_of(paul) == OLD


def test_P31_the_old_mailbox_cancels(client: Client, paul: Signature, link: str) -> None:
    client.post(f"{link}adresse/", {"email": NEW})
    there = link_sent()
    assert client.get(f"{link}adresse/annuler/").status_code == 405
    response = client.post(f"{link}adresse/annuler/")
    assert "votre adresse ne change pas" in words(client.get(response["Location"]))
    assert client.post(there).status_code == 404
    assert address_of(paul) == OLD


def test_P31_the_new_mailbox_refuses(client: Client, paul: Signature, link: str) -> None:
    client.post(f"{link}adresse/", {"email": NEW})
    there = link_sent()
    assert client.get(f"{there}refuser/").status_code == 405
    response = client.post(f"{there}refuser/")
    assert "nous avons oublié cette adresse" in words(client.get(response["Location"]))
    assert not ContactPoint.objects.filter(typed=NEW).exists()
    assert client.get(there).status_code == 404
    assert address_of(paul) == OLD


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Cette adresse ne semble pas complète"),
        ("paul", "Cette adresse ne semble pas complète"),
        ("PAUL@exemple.fr", "C’est déjà votre adresse."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    client: Client, link: str, typed: str, sentence: str
) -> None:
    response = client.post(f"{link}adresse/", {"email": typed})
    assert response.status_code == 422
    assert sentence in words(response)
    assert parts(response).fields["email"]["value"] == typed
    assert Delivery.objects.count() == 0


def test_P24_a_likely_slip_is_asked_about_once(client: Client, link: str) -> None:
    response = client.post(f"{link}adresse/", {"email": "paul@gmial.com"})
    assert response.status_code == 422
    assert "Vouliez-vous écrire paul@gmail.com ?" in words(response)
    assert Delivery.objects.count() == 0
    sure = client.post(f"{link}adresse/", {"email": "paul@gmial.com", "sure": "1"})
    assert sure.status_code == 303


def test_P31_so_many_a_day(client: Client, link: str) -> None:
    for n in range(5):
        assert client.post(f"{link}adresse/", {"email": f"p{n}@exemple.org"}).status_code == 303
    response = client.post(f"{link}adresse/", {"email": NEW})
    assert response.status_code == 429
    assert "Réessayez demain" in words(response)
    assert parts(response).fields["email"]["value"] == NEW


def test_P67_the_network_is_counted(
    client: Client, lilas: Petition, settings: Any, link: str
) -> None:
    settings.RATE_LIMITS = True
    for n in range(LINKS_PER_WINDOW):
        client.post("/moi/", {"email": f"p{n}@exemple.org"})
    response = client.post(f"{link}adresse/", {"email": NEW})
    assert response.status_code == 429
    assert "Trop d’envois depuis votre connexion" in words(response)
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("ending", ["", "refuser/"])
def test_an_altered_or_old_link_opens_nothing(client: Client, paul: Signature, ending: str) -> None:
    change = AddressChange(paul.contact_point_id or 0, 10**9)
    ago = timezone.now() - NEW_ADDRESS_AGE - timedelta(minutes=1)
    expected = {
        "x": 404,
        my_token(paul.contact_point_id or 0, now=timezone.now()): 404,
        seal_change(change, now=timezone.now()): 404,
        seal_change(change, now=ago): 410,
    }
    for token, status in expected.items():
        response = client.post(f"/moi/nouvelle-adresse/{token}/{ending}")
        assert response.status_code == status
        assert "Ce lien n’est plus valable" in words(response)
