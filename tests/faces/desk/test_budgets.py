"""Every list of the desk takes as many queries for one line as for three."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Invitation, User
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from tests.cast import NOW, make_signature, make_user
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
LILAS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"


def comment(petition: Petition, n: int) -> None:
    person = make_signature(petition).person
    assert person is not None
    Comment.objects.create(
        petition=petition,
        person=person,
        text="Oui, trois fois oui.",
        state="published",
        created_at=NOW,
        moderated_by=petition.author,
    )


def held(petition: Petition, n: int) -> None:
    make_signature(petition, state="held", reason="rate")


def member(petition: Petition, n: int) -> None:
    organisation = petition.campaign.organisation
    make_user(f"membre{n}@valmont.example", f"Membre {n}", organisation, Role.OBSERVER)
    Invitation.objects.create(
        organisation=organisation,
        email=f"invite{n}@valmont.example",
        role=Role.OBSERVER,
        secret_hash=bytes([n]) * 32,
        invited_by=petition.author,
        created_at=NOW,
        expires_at=NOW + timedelta(days=3_650),
    )


@pytest.mark.parametrize(
    ("address", "one_more", "budget"),
    [
        (f"{LILAS}commentaires/?etat=publies", comment, 10),
        (f"{LILAS}a-verifier/", held, 10),
        (f"{LILAS}a-verifier/?par=connexion", held, 9),
        ("/tableau-de-bord/equipe/", member, 8),
    ],
)
def test_a_list_costs_the_same_for_one_and_three(
    address: str,
    one_more: Callable[[Petition, int], None],
    budget: int,
    lilas: Petition,
    seat: SeatedAt,
    aicha: User,
    now: datetime,
) -> None:
    client, counts = seat(aicha), []
    for numbers in ((1,), (2, 3)):
        for n in numbers:
            one_more(lilas, n)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= budget
