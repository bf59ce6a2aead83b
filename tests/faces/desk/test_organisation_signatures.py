"""Organisations at the desk: read, shown or not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.organisation_signature import OrganisationSignature
from tests.faces.desk.conftest import SeatedAt
from tests.faces.public.page import words
from tests.gathering.signing.test_organisation_signatures import confirmed, sign

pytestmark = pytest.mark.django_db
PAGE = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/organisations/"


def state() -> str:
    return OrganisationSignature.objects.latest("pk").state


def test_publishing_then_showing_no_more(lilas: Petition, seat: SeatedAt, hugo: User) -> None:
    signed, client = confirmed(lilas), seat(hugo)
    told = words(client.get(PAGE))
    assert "Amicale du Lavoir" in told
    assert "Rose Dupin, présidente, rose@lavoir.example" in told
    assert client.post(f"{PAGE}{signed.pk}/publier/").status_code == 302
    assert state() == "published"
    assert "Amicale du Lavoir" in words(client.get(f"{PAGE}?etat=publiees"))
    back = client.post(f"{PAGE}{signed.pk}/refuser/", {"etat": "publiees"})
    assert back["Location"].endswith("?etat=publiees")
    assert state() == "refused"


def test_the_same_name_twice_is_told(lilas: Petition, seat: SeatedAt, hugo: User) -> None:
    first, second = confirmed(lilas), confirmed(lilas)
    client = seat(hugo)
    client.post(f"{PAGE}{first.pk}/publier/")
    response = client.post(f"{PAGE}{second.pk}/publier/", follow=True)
    assert "déjà dans la liste" in words(response)
    assert state() == "waiting"


def test_one_that_waits_for_its_mailbox_cannot_be_published(
    lilas: Petition, seat: SeatedAt, hugo: User
) -> None:
    signed, client = sign(lilas), seat(hugo)
    client.post(f"{PAGE}{signed.pk}/publier/")
    assert state() == "unconfirmed"
    assert "n’a pas encore répondu" in words(client.get(f"{PAGE}?etat=a-confirmer"))


def test_one_of_another_petition_is_not_found(lilas: Petition, seat: SeatedAt, hugo: User) -> None:
    assert seat(hugo).post(f"{PAGE}999999/publier/").status_code == 404


def test_an_observer_may_not(lilas: Petition, seat: SeatedAt, olga: User) -> None:
    signed = confirmed(lilas)
    assert seat(olga).get(PAGE).status_code == 403
    assert seat(olga).post(f"{PAGE}{signed.pk}/publier/").status_code == 403
    assert state() == "waiting"


def test_the_list_costs_the_same_for_one_and_three(
    lilas: Petition, seat: SeatedAt, hugo: User
) -> None:
    client, counts = seat(hugo), []
    for numbers in ((1,), (2, 3)):
        for n in numbers:
            confirmed(lilas, name=f"Amicale {n}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
