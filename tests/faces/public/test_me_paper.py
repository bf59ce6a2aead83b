"""A paper line found by its address: seen, taken away, in the file (P30, P32)."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from levier.foundation.accounts.models import User
from levier.foundation.people.models.person import ContactPoint
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.models.paper import PaperLine
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.rules.links import my_token
from tests.cast import make_signature
from tests.gathering.signing.paper_sheets import line, paper_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rose(lilas: Petition, hugo: User, now: datetime) -> str:
    """The personal link of somebody who signed on paper only."""
    entered = [line(1, "rose@exemple.fr", consent=True), line(2, "jeanne@exemple.fr")]
    enter_sheet(petition=lilas, number=12, lines=entered, by=hugo, now=now)
    point = ContactPoint.objects.get(typed="rose@exemple.fr")
    return f"/moi/{my_token(point.pk, now=timezone.now())}/"


def test_P30_a_line_on_paper_is_listed_and_no_other(rose: str, client: Client) -> None:
    page = client.get(rose).text
    assert "Feuille 12, ligne 1" in page
    assert "ligne 2" not in page
    assert "sur une feuille papier" in page  # where the agreement comes from


def test_P32_taking_it_away_lowers_the_count_once(
    rose: str, client: Client, lilas: Petition
) -> None:
    pk = PaperLine.objects.get(position=1).pk
    for _ in range(2):
        response = client.post(f"{rose}papier/{pk}/retirer/")
        assert response.status_code in {303, 404}
    gone = PaperLine.objects.get(pk=pk)
    assert (gone.state, gone.email, gone.last_name) == ("withdrawn", "", "")
    assert paper_of(lilas) == 1
    assert "Feuille 12" not in client.get(rose).text


def test_another_s_line_is_not_mine(rose: str, client: Client, lilas: Petition) -> None:
    pk = PaperLine.objects.get(position=2).pk
    assert client.post(f"{rose}papier/{pk}/retirer/").status_code == 404
    assert paper_of(lilas) == 2


def test_the_signature_online_stays(client: Client, lilas: Petition, hugo: User) -> None:
    signature = make_signature(lilas, "paul@exemple.fr")
    now = timezone.now()
    enter_sheet(petition=lilas, number=1, lines=[line(1, "paul@exemple.fr")], by=hugo, now=now)
    link = f"/moi/{my_token(signature.contact_point_id or 0, now=now)}/"
    assert "a aussi signé en ligne" in client.get(link).text
    client.post(f"{link}papier/{PaperLine.objects.get().pk}/retirer/")
    assert Signature.objects.get().state == "counted"
    assert paper_of(lilas) == 0


def test_reading_the_address_of_the_button_changes_nothing(rose: str, client: Client) -> None:
    pk = PaperLine.objects.get(position=1).pk
    assert client.get(f"{rose}papier/{pk}/retirer/").status_code == 405
