"""The team's words, and where they are read."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.share_text import ShareText
from levier.gathering.signing.models.signature import ReferralCode
from levier.gathering.signing.rules.links import my_token
from levier.gathering.signing.rules.receipts import Receipt, seal_receipt
from tests.cast import make_signature
from tests.faces.desk.conftest import SeatedAt
from tests.faces.public.page import html

pytestmark = pytest.mark.django_db
TEXTS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/partage/"
ORGANISATION = "/tableau-de-bord/reglages/partage/?organisation=valmont-a-velo"
WORDS = {
    "x": "Moi, j’ai signé #Lilas & toi ?",
    "bluesky": "Signé sur Bluesky",
    "mastodon": "Signé sur Mastodon",
    "telegram": "Signé sur Telegram",
    "whatsapp": "Signé sur WhatsApp",
    "facebook": "Signé sur Facebook",
    "email": "Salut,\n\nj’ai signé.",
}


@pytest.fixture
def desk(seat: SeatedAt, hugo: User, lilas: Petition) -> Client:
    return seat(hugo)


def thanks_page(client: Client, petition: Petition) -> str:
    receipt = Receipt(petition.pk, "abcdefgh", 12, "Paul", "p•••@exemple.fr", wants_updates=False)
    token = seal_receipt(receipt, now=timezone.now())
    return client.get(f"/petitions/piste-cyclable-rue-des-lilas/merci/{token}/").text


def links(page: str, host: str) -> list[str]:
    found = [piece.split('"', 1)[0] for piece in page.split('href="')[1:]]
    return [one.replace("&amp;", "&") for one in found if urlsplit(one).netloc == host]


def test_P44_each_network_gets_its_words_and_the_personal_link(
    desk: Client, client: Client, lilas: Petition
) -> None:
    assert desk.post(TEXTS, WORDS).status_code == 302
    page = thanks_page(client, lilas)
    address = "http://testserver/s/abcdefgh"
    (x,) = links(page, "x.com")
    assert parse_qs(urlsplit(x).query) == {"text": [WORDS["x"]], "url": [address]}
    (bluesky,) = links(page, "bsky.app")
    assert parse_qs(urlsplit(bluesky).query) == {"text": [f"Signé sur Bluesky {address}"]}
    (whatsapp,) = links(page, "wa.me")
    assert parse_qs(urlsplit(whatsapp).query) == {"text": [f"Signé sur WhatsApp {address}"]}
    (telegram,) = links(page, "t.me")
    assert parse_qs(urlsplit(telegram).query) == {"text": ["Signé sur Telegram"], "url": [address]}
    (facebook,) = links(page, "www.facebook.com")
    assert parse_qs(urlsplit(facebook).query) == {"u": [address]}
    (piaille,) = links(page, "piaille.fr")
    assert unquote(piaille) == f"https://piaille.fr/share?text=Signé sur Mastodon {address}"
    assert f'value="Signé sur Facebook {address}"' in page
    assert "Salut,\n\nj’ai signé.\n\n" + address in page
    assert '<script src="http' not in page


def test_without_words_of_the_team_ours_are_there(client: Client, lilas: Petition) -> None:
    page = thanks_page(client, lilas)
    (x,) = links(page, "x.com")
    said = parse_qs(urlsplit(x).query)["text"]
    assert said == ["Je viens de signer «\u00a0Une piste cyclable rue des Lilas\u00a0»"]
    for name in ("affiche.pdf", "tract.pdf", "feuille.pdf"):
        assert f"/petitions/piste-cyclable-rue-des-lilas/{name}" in page


def test_words_too_long_stay_with_the_reason(desk: Client) -> None:
    page = desk.post(TEXTS, {**WORDS, "x": "é" * 300})
    assert page.status_code == 422
    assert "Trop long de 44" in page.text
    assert "é" * 300 in page.text
    assert "Signé sur Bluesky" in page.text


def test_the_page_shows_the_words_that_would_be_used(desk: Client) -> None:
    page = desk.get(TEXTS).text
    assert 'placeholder="Je viens de signer' in page
    assert "256 caractères au plus" in page


def test_P46_one_s_own_page_shares_one_s_own_link(client: Client, lilas: Petition) -> None:
    signature = make_signature(lilas)
    code = ReferralCode.objects.get(signature=signature).code
    token = my_token(signature.contact_point_id or 0, now=timezone.now())
    address = f"/moi/{token}/signatures/{signature.pk}/partager/"
    assert address in client.get(f"/moi/{token}/").text
    page = client.get(address)
    assert page["Cache-Control"] == "no-store"
    (bluesky,) = links(page.text, "bsky.app")
    assert f"http://testserver/s/{code}" in unquote(bluesky)


def test_P50_nothing_to_share_once_it_is_over(client: Client, lilas: Petition) -> None:
    signature = make_signature(lilas)
    Petition.objects.filter(pk=lilas.pk).update(state="closed", closed_at=timezone.now())
    token = my_token(signature.contact_point_id or 0, now=timezone.now())
    assert "/partager/" not in client.get(f"/moi/{token}/").text
    page = client.get(f"/moi/{token}/signatures/{signature.pk}/partager/").text
    assert links(page, "bsky.app") == []


def test_another_s_link_is_not_shared(client: Client, lilas: Petition) -> None:
    mine, theirs = make_signature(lilas), make_signature(lilas)
    token = my_token(mine.contact_point_id or 0, now=timezone.now())
    assert client.get(f"/moi/{token}/signatures/{theirs.pk}/partager/").status_code == 404


def test_P44_words_of_the_organisation_and_of_the_campaign_are_followed(
    seat: SeatedAt, aicha: User, client: Client, lilas: Petition
) -> None:
    desk, campaign = seat(aicha), f"/tableau-de-bord/campagnes/{lilas.campaign_id}/partage/"
    assert desk.post(ORGANISATION, {"x": "Pour « {titre} » : signez."}).status_code == 302
    assert "Pour « {titre} » : signez." in html(desk.get(campaign))  # as what is followed
    assert said_on_x(client, lilas) == "Pour « Une piste cyclable rue des Lilas » : signez."
    assert "Pour « Une piste cyclable rue des Lilas » : signez." in html(desk.get(TEXTS))
    assert desk.post(campaign, {"x": "La campagne dit : signez."}).status_code == 302
    assert said_on_x(client, lilas) == "La campagne dit : signez."
    assert desk.post(TEXTS, {"x": "Nous disons : signez."}).status_code == 302
    assert said_on_x(client, lilas) == "Nous disons : signez."


def test_words_above_that_would_not_fit_stay_with_the_reason(seat: SeatedAt, aicha: User) -> None:
    response = seat(aicha).post(ORGANISATION, {"x": "{titre}" + "é" * 140})
    assert response.status_code == 422
    assert "Trop long de 4" in response.text
    assert "{titre}" + "é" * 140 in response.text


def test_a_campaigner_does_not_write_for_the_whole_organisation(
    seat: SeatedAt, hugo: User, claire: User, lilas: Petition
) -> None:
    assert seat(hugo).post(ORGANISATION, {"x": "Signez."}).status_code == 403
    assert seat(claire).post(ORGANISATION, {"x": "Signez."}).status_code == 404
    assert not ShareText.objects.exists()


def said_on_x(client: Client, petition: Petition) -> str:
    (x,) = links(thanks_page(client, petition), "x.com")
    return parse_qs(urlsplit(x).query)["text"][0]
