"""Writing a petition at the desk: bad input gets its sentence and loses nothing."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from PIL import Image

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.models import Campaign
from levier.foundation.directory.models import Mandate
from levier.gathering.petitions.models.petition import Petition, Slug, Version
from tests.cast import make_campaign, make_petition, make_signature
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
NEW = "/tableau-de-bord/petitions/nouvelle/"
LILAS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"
TYPED = {
    "title": "Des arbres place du Marché",
    "ask": "Que la Ville plante vingt arbres place du Marché avant mars 2027.",
    "story": "Il fait **41 degrés** l’été.\n\n- enfants\n- personnes âgées",
    "who_honorific": "M.",
    "who_name": "Loïc Le Goff",
    "who_post": "Maire",
    "who_institution": "Ville de Valmont",
    "country": "FR",
    "asks_postcode": "on",
}


def typed(**changes: Any) -> dict[str, Any]:
    return {**TYPED, **changes}


def png() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (80, 60), "green").save(out, "PNG")
    return SimpleUploadedFile("arbres.png", out.getvalue(), "image/png")


@pytest.fixture
def desk(seat: SeatedAt, aicha: User) -> Client:
    return seat(aicha)


@pytest.fixture(autouse=True)
def media(tmp_path: Path) -> Any:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield tmp_path


def test_a_petition_is_begun_with_its_campaign_and_its_decision_maker(desk: Client) -> None:
    response = desk.post(NEW, typed())
    assert response.status_code == 302
    assert response["Location"] == "/tableau-de-bord/petitions/des-arbres-place-du-marche/apercu/"
    petition = Petition.objects.get()
    version = Version.objects.get()
    assert petition.state == "draft"
    assert petition.campaign.name == TYPED["title"]
    assert version.story.startswith("<p>Il fait <strong>41 degrés</strong> l’été.</p>")
    mandate = Mandate.objects.get()
    assert (str(mandate.person), str(mandate.post)) == ("M. Loïc Le Goff", "Maire")
    assert petition.addressee_post == mandate.post
    preview = desk.get(response["Location"]).text
    assert "M. Loïc Le Goff, Maire" in preview
    assert "Publier la pétition" in preview


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": ""}, "title", "Ce champ est obligatoire."),
        ({"title": "x" * 121}, "title", "120"),
        ({"ask": "x" * 301}, "ask", "300"),
        ({"story": "x" * 20_001}, "story", "20000"),
        ({"goal": "0"}, "goal", "supérieure ou égale à 1"),
        ({"goal": "beaucoup"}, "goal", "nombre entier"),
        ({"goal": "9" * 40}, "goal", "inférieure"),
        ({"closes_on": "2020-01-01"}, "closes_on", "Choisissez aujourd’hui"),
        ({"closes_on": "demain"}, "closes_on", "date valide"),
        ({"country": "XX"}, "country", "XX"),
        ({"count_policy": "jamais"}, "count_policy", "jamais"),
        ({"mandate": "999"}, "mandate", "choix"),
        ({"slug": "un espace"}, "slug", "Ce champ"),
        ({"who_post": ""}, "who_post", "À remplir"),
        ({"campaign": "999"}, "campaign", "choix"),
    ],
)
def test_each_wrong_field_gets_a_sentence_and_the_rest_stays(
    desk: Client, changes: dict[str, str], field: str, sentence: str
) -> None:
    response = desk.post(NEW, typed(**changes))
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert sentence in str(errors[field])
    for name in ("title", "ask", "who_name"):
        if name not in changes:
            assert TYPED[name] in response.text
    assert not Petition.objects.exists()


def test_what_no_eye_sees_is_removed(desk: Client) -> None:
    title = "Des\x00 arbres\u202e place\r\n du\tMarché"
    assert desk.post(NEW, typed(title=title)).status_code == 302
    assert Version.objects.get().title == "Des arbres place du Marché"


def test_html_is_text_and_runs_nowhere(desk: Client) -> None:
    nasty = "<script>alert(1)</script>"
    response = desk.post(NEW, typed(title=nasty, story=nasty), follow=True)
    assert response.status_code == 200
    assert nasty not in response.text
    assert "&lt;script&gt;alert(1)" in response.text


@pytest.mark.parametrize(
    "sent",
    [
        SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        SimpleUploadedFile("a.png", b"not a picture", "image/png"),
        SimpleUploadedFile("a.jpg", b"\xff\xd8" + b"0" * (8 * 1024 * 1024 + 1), "image/jpeg"),
    ],
    ids=["svg", "text", "too heavy"],
)
def test_what_is_not_a_picture_is_refused_with_its_sentence(
    desk: Client, sent: SimpleUploadedFile, media: Path
) -> None:
    sent.seek(0)
    response = desk.post(NEW, typed(image=sent, image_alt="Des arbres"))
    assert response.status_code == 422
    assert "Image JPEG, PNG ou WebP, 8 Mo au plus" in response.text
    assert not list(media.rglob("*.*"))


def test_a_picture_asks_for_its_words_and_is_not_sent_twice(desk: Client) -> None:
    response = desk.post(NEW, typed(image=png()))
    assert list(response.context["form"].errors) == ["image_alt"]
    kept = response.context["kept_path"]
    assert f'name="kept_image" value="{kept}"' in response.text
    desk.post(NEW, typed(kept_image=kept, image_alt="Vingt arbres"))
    version = Version.objects.get()
    assert (version.image, version.image_alt) == (kept, "Vingt arbres")


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "images/x.jpg", "images/" + "0" * 32 + ".jpg"]
)
def test_a_kept_picture_is_one_of_ours(desk: Client, path: str) -> None:
    desk.post(NEW, typed(kept_image=path))
    assert Version.objects.get().image == ""


def test_another_organisation_s_directory_and_campaigns_cannot_be_chosen(
    desk: Client, claire: User, droits_debout: Any
) -> None:
    theirs = make_petition(make_campaign(droits_debout), claire, slug="liberez-la-parole")
    mandate = Mandate.objects.get()
    for changes in ({"mandate": str(mandate.pk)}, {"campaign": str(theirs.campaign_id)}):
        assert desk.post(NEW, typed(**changes)).status_code == 422
    assert Campaign.objects.count() == 1


def test_P06_once_signed_the_ask_is_refused_beside_its_field_and_nothing_else_is_written(
    desk: Client, lilas: Petition
) -> None:
    make_signature(lilas)
    page = desk.get(f"{LILAS}modifier/").text
    assert "elle ne change plus" in page
    response = desk.post(f"{LILAS}modifier/", typed(goal="500"))
    assert list(response.context["form"].errors) == ["ask"]
    lilas.refresh_from_db()
    assert lilas.fixed_goal is None
    assert Version.objects.filter(petition=lilas).count() == 1


def test_a_published_petition_moves_and_its_old_address_still_leads_there(
    desk: Client, lilas: Petition
) -> None:
    response = desk.post(f"{LILAS}modifier/", typed(slug="arbres", goal="500"))
    assert response["Location"] == "/tableau-de-bord/petitions/arbres/apercu/"
    assert desk.get(LILAS)["Location"] == "/tableau-de-bord/petitions/arbres/"
    lilas.refresh_from_db()
    assert lilas.fixed_goal == 500
    assert lilas.version is not None
    assert (lilas.version.n, lilas.version.title) == (2, TYPED["title"])
    assert Slug.objects.get(slug="piste-cyclable-rue-des-lilas").current is False


def test_a_petition_is_put_under_a_theme_and_taken_from_it(desk: Client, lilas: Petition) -> None:
    for theme, found in (("transports", "transports"), ("", None)):
        desk.post(f"{LILAS}modifier/", typed(theme=theme))
        lilas.refresh_from_db()
        assert (lilas.theme.slug if lilas.theme else None) == found
    assert desk.post(f"{LILAS}modifier/", typed(theme="rien")).status_code == 422


def test_a_post_that_nobody_is_known_to_hold_stays_as_it_is(desk: Client, lilas: Petition) -> None:
    Petition.objects.filter(pk=lilas.pk).update(addressee_person=None)
    same = {name: value for name, value in TYPED.items() if not name.startswith("who_")}
    assert desk.post(f"{LILAS}modifier/", same).status_code == 302
    lilas.refresh_from_db()
    assert lilas.addressee_post is not None
    assert lilas.addressee_person is None


def test_an_address_already_taken_is_said_beside_its_field(desk: Client, lilas: Petition) -> None:
    response = desk.post(NEW, typed(slug="piste-cyclable-rue-des-lilas"))
    assert list(response.context["form"].errors) == ["slug"]
    assert Petition.objects.count() == 1


def test_opening_and_saving_without_a_change_changes_nothing(
    desk: Client, lilas: Petition, now: datetime
) -> None:
    form = desk.get(f"{LILAS}modifier/").context["form"]
    same = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert desk.post(f"{LILAS}modifier/", same).status_code == 302
    assert Version.objects.filter(petition=lilas).count() == 1


@pytest.mark.parametrize(
    ("ask", "said"),
    [("Justice !", "il manque encore"), (TYPED["ask"], "On saura vérifier"), ("", "")],
)
def test_P02_hints_come_while_one_types(desk: Client, ask: str, said: str) -> None:
    fragment = desk.get("/tableau-de-bord/conseils/", {"ask": ask}).text
    assert said in fragment
    assert "<html" not in fragment
    assert bool(fragment.strip()) == bool(said)
