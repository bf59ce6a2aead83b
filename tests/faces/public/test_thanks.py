from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from levier.foundation.accounts.models import User
from levier.foundation.messaging.models.delivery import Delivery
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.signing.models.signature import ReferralCode
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.rules.receipts import Receipt, seal_receipt
from tests.cast import NOW, make_petition, make_signature
from tests.faces.public.page import html, parts, words

PAGE = "/petitions/piste-cyclable-rue-des-lilas/"


def token(petition: Petition, **fields: Any) -> str:
    receipt = Receipt(
        petition=petition.pk,
        code="abcd2345",
        number=8686,
        first_name="Paul",
        masked_email="p•••••@exemple.fr",
        wants_updates=False,
    )
    return seal_receipt(receipt._replace(**fields), now=timezone.now())


def thanks(petition: Petition, **fields: Any) -> str:
    return f"{PAGE}merci/{token(petition, **fields)}/"


def test_P13_tells_the_number(client: Client, lilas: Petition) -> None:
    Tally.objects.update(last_number=8686, counted=8686)
    response = client.get(thanks(lilas))
    assert "Merci Paul ! Vous êtes la 8 686e personne à signer" in words(response)
    assert "8\u202f686<sup>e</sup>" in html(response)
    assert "<title>Merci, vous êtes la 8\u202f686e personne à signer" in html(response)
    assert "Il en manque 1 314 pour atteindre 10 000." in words(response)
    assert "Ce numéro est le vôtre : il ne changera pas." in words(response)


def test_P13_the_first_is_told_in_words(client: Client, lilas: Petition) -> None:
    response = client.get(thanks(lilas, number=1))
    assert "Vous êtes la première personne à signer" in words(response)
    assert "<title>Merci, vous êtes la première personne à signer" in html(response)


def test_P15_without_a_number_the_confirmation_counts(client: Client, lilas: Petition) -> None:
    said = words(client.get(thanks(lilas, number=None)))
    assert "Votre signature est comptée dès votre confirmation" in said
    assert "votre signature sera comptée, et vous aurez votre numéro" in said
    assert "ne changera pas" not in said


def test_is_kept_by_nobody_and_told_to_nobody(client: Client, lilas: Petition) -> None:
    response = client.get(thanks(lilas))
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert response.cookies == {}


def test_what_was_typed_is_not_markup(client: Client, lilas: Petition) -> None:
    response = client.get(thanks(lilas, first_name="<script>alert(1)</script>"))
    assert b"<script>alert" not in response.content
    assert "Merci <script>alert(1)</script>" in html(response)


@pytest.mark.parametrize("wrong", ["x", "%00", "é" * 10, "a" * 900])
def test_an_altered_link_says_what_to_do(client: Client, lilas: Petition, wrong: str) -> None:
    for path in (f"{PAGE}merci/{wrong}/", thanks(lilas)[:-9] + "/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "Ce lien n’est plus valable" in words(response)
        assert response["Cache-Control"] == "no-store"


def test_a_receipt_opens_its_own_petition_only(
    client: Client, lilas: Petition, aicha: User
) -> None:
    other = make_petition(lilas.campaign, aicha, "une-autre")
    response = client.get(f"{PAGE}merci/{token(other)}/")
    assert response.status_code == 404
    assert "Paul" not in words(response)


def test_follows_a_petition_that_changed_address(client: Client, lilas: Petition) -> None:
    address = thanks(lilas)
    Slug.objects.update(current=False)
    Slug.objects.create(petition=lilas, slug="lilas")
    response = client.get(address)
    assert response["Location"] == address.replace("piste-cyclable-rue-des-lilas", "lilas")


def test_P44_P48_shares_by_plain_links_with_the_text_ready(client: Client, lilas: Petition) -> None:
    Tally.objects.update(last_number=8686, counted=8686)
    response = client.get(thanks(lilas))
    links = parts(response).links
    letter = next(link for link in links if link.startswith("mailto:"))
    written = parse_qs(urlsplit(letter).query)
    assert written["subject"] == ["Une piste cyclable rue des Lilas"]
    assert "Nous sommes 8\u202f686, il en faut 10\u202f000." in written["body"][0]
    assert written["body"][0].endswith("\r\n\r\nhttp://testserver/s/abcd2345")
    hosts = {urlsplit(link).hostname for link in links if link.startswith("https:")}
    assert hosts == {
        *("wa.me", "www.facebook.com", "share.joinmastodon.org", "t.me", "x.com", "bsky.app"),
        *("piaille.fr", "mamot.fr", "mastodon.social", "tooter.social", "mstdn.ca"),
    }
    for link in links:
        if link.startswith(("https:", "sms:")):
            assert "http://testserver/s/abcd2345" in unquote(link), link


def test_P44_nothing_of_a_third_party_is_loaded(client: Client, lilas: Petition) -> None:
    source = client.get(thanks(lilas)).content.decode()
    loaded = [piece.split('"')[0] for piece in source.split('src="')[1:]]
    assert loaded
    assert all(unescape(address).startswith("/static/") for address in loaded)


def test_P45_shows_the_personal_link_and_its_code_to_show(client: Client, lilas: Petition) -> None:
    response = client.get(thanks(lilas))
    assert 'readonly value="http://testserver/s/abcd2345"' in html(response)
    assert 'aria-label="Code QR vers testserver/s/abcd2345"' in html(response)


def test_news_are_promised_only_to_who_asked(client: Client, lilas: Petition) -> None:
    assert "Nous vous tenons au courant" not in words(client.get(thanks(lilas)))
    assert "Nous vous tenons au courant" in words(client.get(thanks(lilas, wants_updates=True)))


def test_P50_a_petition_closed_since_is_not_shared(client: Client, lilas: Petition) -> None:
    Petition.objects.update(state=PetitionState.CLOSED, closed_at=NOW)
    response = client.get(thanks(lilas))
    assert "Vous êtes la 8 686e personne à signer" in words(response)
    assert "Cette pétition ne prend plus de signatures" in words(response)
    assert not [link for link in parts(response).links if link.startswith(("mailto:", "https:"))]


def test_P34_sends_again_to_that_one_person(client: Client, lilas: Petition) -> None:
    make_signature(lilas)
    paul = make_signature(lilas, "paul@exemple.fr")
    code = ReferralCode.objects.get(signature=paul).code
    address = thanks(lilas, code=code)
    response = client.post(f"{address}renvoyer/")
    assert (response.status_code, response["Location"]) == (303, f"{address}?renvoye=1#suite")
    assert [delivery.contact_point.typed for delivery in Delivery.objects.all()] == [
        "paul@exemple.fr"
    ]
    said = words(client.get(response["Location"]))
    assert "un nouveau courriel part vers p•••••@exemple.fr" in said


def test_P17_sending_again_says_the_same_for_who_has_nothing_to_confirm(
    client: Client, lilas: Petition
) -> None:
    pending = ReferralCode.objects.get(signature=make_signature(lilas)).code
    done = ReferralCode.objects.get(signature=make_signature(lilas, confirmed_at=NOW)).code
    answers = []
    for code in (pending, done, "nevergiv"):
        response = client.post(thanks(lilas, code=code) + "renvoyer/")
        assert response.status_code == 303
        answers.append(words(client.get(response["Location"])).replace(code, "CODE"))
    assert answers[0] == answers[1] == answers[2]


def test_sending_again_takes_a_post_from_our_own_page(client: Client, lilas: Petition) -> None:
    make_signature(lilas)
    code = ReferralCode.objects.get().code
    address = f"{thanks(lilas, code=code)}renvoyer/"
    assert client.get(address).status_code == 405
    elsewhere = client.post(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert "Cet envoi n’est pas accepté" in words(elsewhere)
    assert client.post(address, headers={"Origin": "https://ailleurs.example"}).status_code == 403
    assert Delivery.objects.count() == 0
    assert client.post(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert Delivery.objects.count() == 1


def test_an_old_receipt_still_opens(client: Client, lilas: Petition) -> None:
    old = seal_receipt(
        Receipt(lilas.pk, "abcd2345", 12, "Paul", "p•••••@exemple.fr", False),
        now=timezone.now() - timedelta(days=400),
    )
    assert "Vous êtes la 12e personne" in words(client.get(f"{PAGE}merci/{old}/"))
