"""P52, P53 at the desk: three tabs, four gestures."""

from datetime import datetime

import pytest
from django.test import Client

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from tests.cast import make_campaign, make_petition, make_signature
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
COMMENTS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/commentaires/"


def comment(petition: Petition, now: datetime, text: str = "Ma fille passe par là.") -> Comment:
    person = make_signature(petition).person
    assert person is not None
    return Comment.objects.create(petition=petition, person=person, text=text, created_at=now)


@pytest.fixture
def desk(seat: SeatedAt, aicha: User) -> Client:
    return seat(aicha)


def test_P53_a_comment_goes_from_tab_to_tab(desk: Client, lilas: Petition, now: datetime) -> None:
    one = comment(lilas, now)
    assert one.text in desk.get(COMMENTS).text
    desk.post(f"{COMMENTS}{one.pk}/publier/")
    assert one.text not in desk.get(COMMENTS).text
    assert one.text in desk.get(f"{COMMENTS}?etat=publies").text
    desk.post(f"{COMMENTS}{one.pk}/distinguer/")
    assert "Mis en avant" in desk.get(f"{COMMENTS}?etat=publies").text
    desk.post(f"{COMMENTS}{one.pk}/masquer/")
    page = desk.get(f"{COMMENTS}?etat=masques").text
    assert one.text in page
    assert "Mis en avant" not in page


def test_P53_what_is_not_published_is_not_shown_first(
    desk: Client, lilas: Petition, now: datetime
) -> None:
    one = comment(lilas, now)
    page = desk.post(f"{COMMENTS}{one.pk}/distinguer/", follow=True).text
    assert "a changé d’état entre-temps" in page
    assert Comment.objects.get().featured_at is None


def test_a_comment_of_another_petition_is_not_reached_through_this_one(
    desk: Client, lilas: Petition, aicha: User, now: datetime
) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), aicha, slug="autre")
    one = comment(other, now)
    assert desk.post(f"{COMMENTS}{one.pk}/publier/").status_code == 404
    assert Comment.objects.get().state == "waiting"


@pytest.mark.parametrize(
    "back", ["https://ailleurs.example/", "//ailleurs.example", "javascript:0"]
)
def test_one_goes_back_inside_only(desk: Client, lilas: Petition, now: datetime, back: str) -> None:
    one = comment(lilas, now)
    response = desk.post(f"{COMMENTS}{one.pk}/publier/", {"retour": back})
    assert response["Location"] == COMMENTS


def test_html_in_a_comment_is_text(desk: Client, lilas: Petition, now: datetime) -> None:
    comment(lilas, now, "<b onclick=x>gras</b> et texte")
    page = desk.get(COMMENTS).text
    assert "<b onclick" not in page
    assert "&lt;b onclick=x&gt;gras" in page
