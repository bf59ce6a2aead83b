"""« Signer au nom d’une organisation », from the form to the list."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.switch import Switch
from levier.gathering.signing.actions.organisation_signatures import (
    confirm_organisation,
    publish_organisation,
)
from levier.gathering.signing.models.organisation_signature import OrganisationSignature
from tests.account_mails import queued_account_mails
from tests.cast import NOW
from tests.faces.public.page import html, words
from tests.gathering.signing.test_organisation_signatures import TITLE, sign

pytestmark = pytest.mark.django_db
SLUG = "piste-cyclable-rue-des-lilas"
PAGE = f"/petitions/{SLUG}/organisations/"
FORM = {
    "name": "Amicale du Lavoir",
    "website": "lavoir.example",
    "contact_name": "Rose Dupin",
    "contact_role": "présidente",
    "email": "rose@lavoir.example",
    "allowed": "on",
}


def picture(kind: str = "PNG") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGBA", (40, 40), (120, 20, 80, 255)).convert("RGB").save(out, kind)
    return SimpleUploadedFile("logo.png", out.getvalue(), content_type="image/png")


def token_of_the_mail() -> str:
    return str(queued_account_mails()[-1]["text"].split("/organisations/")[1].split("/")[0])


def test_from_the_form_to_the_list(client: Client, lilas: Petition, hugo: User) -> None:
    sent = client.post(PAGE, {**FORM, "logo": picture()})
    assert (sent.status_code, sent["Location"]) == (303, f"{PAGE}?fait=envoi#suite")
    assert "Un courriel vient de partir" in words(client.get(sent["Location"]))
    signed = OrganisationSignature.objects.get()
    assert signed.website == "https://lavoir.example"
    assert signed.logo.startswith("images/")
    link = f"/organisations/{token_of_the_mail()}/"
    for _ in range(2):
        read = client.get(link)
        assert "Est-ce bien vous ?" in words(read)
    assert read["Cache-Control"] == "no-store"
    assert client.post(link).status_code == 303
    assert "relit" in words(client.get(link))
    signed.refresh_from_db()
    publish_organisation(signed=signed, title=TITLE, by=hugo, now=NOW)
    for address in (PAGE, f"/petitions/{SLUG}/"):
        told = html(client.get(address))
        assert "Amicale du Lavoir" in told
        assert f"/media/{signed.logo}" in told
        assert "rose@lavoir.example" not in told
        assert "Rose Dupin" not in told
    assert client.post(f"{link}retirer/").status_code == 303
    assert "Amicale" not in html(client.get(PAGE))
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Ce champ est obligatoire"),
        ({"name": "Gagnez sur www.casino.example"}, "Écrivez le nom seul"),
        ({"name": "x" * 161}, "160"),
        ({"email": "rose"}, "ne semble pas complète"),
        ({"email": "rose@lavoir"}, "ne semble pas complète"),
        ({"website": "javascript:alert(1)"}, ""),
        ({"allowed": ""}, "Cochez cette case"),
        ({"contact_role": ""}, "Ce champ est obligatoire"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_kept(
    client: Client, lilas: Petition, wrong: dict[str, str], said: str
) -> None:
    response = client.post(PAGE, {**FORM, **wrong})
    assert response.status_code == 422
    assert said in words(response)
    assert 'value="Rose Dupin"' in html(response)
    assert not OrganisationSignature.objects.exists()
    assert queued_account_mails() == []


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)>", b"<html><script>", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"0" * 50],
)
def test_a_logo_that_is_no_picture_is_refused(
    client: Client, lilas: Petition, content: bytes
) -> None:
    file = SimpleUploadedFile("logo.png", content, content_type="image/png")
    response = client.post(PAGE, {**FORM, "logo": file})
    assert response.status_code == 422
    assert not OrganisationSignature.objects.exists()


def test_a_logo_sent_once_is_kept_while_the_rest_is_mended(client: Client, lilas: Petition) -> None:
    response = client.post(PAGE, {**FORM, "email": "rose", "logo": picture("JPEG")})
    assert "Votre logo est gardé" in words(response)
    kept = html(response).split('name="kept_logo" value="')[1].split('"')[0]
    assert client.post(PAGE, {**FORM, "kept_logo": kept}).status_code == 303
    assert OrganisationSignature.objects.get().logo == kept


@pytest.mark.parametrize(
    "kept", ["../secret_key", "images/x.svg", "http://a", "images/" + "a" * 32]
)
def test_a_kept_logo_is_only_one_of_ours(client: Client, lilas: Petition, kept: str) -> None:
    response = client.post(PAGE, {**FORM, "kept_logo": kept})
    assert response.status_code in {303, 422}
    assert not OrganisationSignature.objects.exclude(logo="").exists()


def test_a_machine_is_answered_and_nothing_is_written(client: Client, lilas: Petition) -> None:
    assert client.post(PAGE, {**FORM, "fax": "0102"}).status_code == 303
    assert not OrganisationSignature.objects.exists()
    assert queued_account_mails() == []


def test_P67_one_network_does_not_send_mails_without_end(client: Client, lilas: Petition) -> None:
    statuses = [client.post(PAGE, FORM).status_code for _ in range(32)]
    assert statuses == [303] * 30 + [429] * 2


@pytest.mark.parametrize("header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://a.fr"}])
def test_another_site_does_not_post_it(
    client: Client, lilas: Petition, header: dict[str, str]
) -> None:
    assert client.post(PAGE, FORM, headers=header).status_code == 403


def test_P61_a_closed_petition_takes_none(client: Client, lilas: Petition) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state="closed", closed_at=NOW)
    assert client.post(PAGE, FORM).status_code == 410
    assert 'name="email"' not in html(client.get(PAGE))
    assert not OrganisationSignature.objects.exists()


def test_P71_signatures_stopped_stop_these_too(client: Client, lilas: Petition) -> None:
    Switch.objects.create(kind="signatures", sentence="Revenez à midi.", thrown_at=NOW)
    assert client.post(PAGE, FORM).status_code == 410
    assert "Revenez à midi." in words(client.get(PAGE))
    assert not OrganisationSignature.objects.exists()


@pytest.mark.parametrize("token", ["x", "%00", "a" * 5_000])
def test_a_link_that_is_not_one_opens_nothing(client: Client, db: None, token: str) -> None:
    assert client.get(f"/organisations/{token}/").status_code == 404
    assert client.post(f"/organisations/{token}/retirer/").status_code == 404


def test_an_erased_one_opens_nothing(client: Client, lilas: Petition) -> None:
    sign(lilas)
    link = f"/organisations/{token_of_the_mail()}/"
    OrganisationSignature.objects.all().delete()
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404


def test_names_are_shown_as_words_only(client: Client, lilas: Petition, hugo: User) -> None:
    signed: Any = confirm_organisation(signed=sign(lilas, name="<b>Rue</b>").pk, now=NOW)
    publish_organisation(signed=signed, title=TITLE, by=hugo, now=NOW)
    assert b"&lt;b&gt;Rue&lt;/b&gt;" in client.get(PAGE).content


def test_nothing_is_known_of_a_draft(client: Client, lilas: Petition) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state="draft")
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, FORM).status_code == 404
