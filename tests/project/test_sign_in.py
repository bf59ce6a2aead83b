"""Signing in goes through the transaction of the request and its session."""

import pytest
from django.test import Client

from tests.cast import make_organisation, make_user


@pytest.mark.django_db(transaction=True)
def test_signing_in_and_out(client: Client) -> None:
    make_user("aicha@valmont.example", "Aïcha", make_organisation())
    assert client.get("/tableau-de-bord/").status_code == 302
    page = client.get("/connexion/")
    assert page.status_code == 200
    fields = {"login": "aicha@valmont.example", "password": "demonstration"}
    answer = client.post("/connexion/", fields)
    assert (answer.status_code, answer["Location"]) == (302, "/tableau-de-bord/")
    assert "_auth_user_id" in client.session
    again = client.get("/connexion/")
    assert again.status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_wrong_password_changes_nothing(client: Client) -> None:
    make_user("aicha@valmont.example", "Aïcha", make_organisation())
    fields = {"login": "aicha@valmont.example", "password": "pas-celui-la"}
    assert client.post("/connexion/", fields).status_code == 200
    assert "_auth_user_id" not in client.session
