"""P52, P53 at the desk: tabs and gestures."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.comment import Comment, CommentReport
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


def test_P52_what_readers_report_is_read_again_and_kept(
    desk: Client, lilas: Petition, now: datetime
) -> None:
    one, other = comment(lilas, now), comment(lilas, now, "Rien à redire ici.")
    Comment.objects.update(state="published", moderated_at=now)
    CommentReport.objects.create(comment=one, reporter_key=bytes(32), at=now + timedelta(hours=1))
    CommentReport.objects.create(comment=other, reporter_key=bytes(32), at=now - timedelta(hours=1))
    page = desk.get(f"{COMMENTS}?etat=signales").text
    assert one.text in page
    assert "1 signalement" in page
    assert other.text not in page  # reported before the team read it
    desk.post(f"{COMMENTS}{one.pk}/garder/")
    one.refresh_from_db()
    assert one.state == "published"
    Comment.objects.filter(pk=one.pk).update(moderated_at=now + timedelta(hours=2))
    assert "Aucun commentaire signalé" in desk.get(f"{COMMENTS}?etat=signales").text


def test_P53_only_what_its_author_allowed_is_listed_for_the_press_and_the_dossier(
    desk: Client, lilas: Petition, now: datetime
) -> None:
    texts = {"presse": "À lire dans le journal.", "dossier": "À lire à madame Diallo."}
    one = comment(lilas, now, texts["presse"])
    two = comment(lilas, now, texts["dossier"])
    comment(lilas, now, "Pour vous seulement.")
    Comment.objects.filter(pk=one.pk).update(for_press=True)
    Comment.objects.filter(pk=two.pk).update(for_dossier=True)
    for tab in texts:
        assert texts[tab] not in desk.get(f"{COMMENTS}?etat={tab}").text  # not published yet
    Comment.objects.update(state="published")
    for tab, text in texts.items():
        page = desk.get(f"{COMMENTS}?etat={tab}").text
        assert text in page
        assert "Pour vous seulement." not in page
        assert sum(other in page for other in texts.values()) == 1
