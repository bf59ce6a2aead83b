"""Signing in: password, code by e-mail, second factor; all of it in French, by our addresses."""

import re
from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from levier.foundation.accounts.models import User
from tests.account_mails import queued_account_mails
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
HERE = {"login": "aicha@valmont.example", "password": "demonstration"}
ENGLISH = re.compile(
    r"\b(sign in|sign out|password|email|please|you|your|the|account|enter|send|cancel|not)\b",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def no_attempt_yet() -> None:
    cache.clear()


def words_of(page: str) -> str:
    """What is read on a page: no tag, no script, no address."""
    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"\S+@\S+|https?://\S+", " ", text)


def test_a_password_opens_the_desk(client: Client, aicha: User) -> None:
    response = client.post("/connexion/", HERE)
    assert response["Location"] == "/tableau-de-bord/"
    assert client.get("/mon-compte/").status_code == 200


def test_one_goes_where_one_wanted_and_nowhere_else(client: Client, aicha: User) -> None:
    response = client.post("/connexion/?next=/mon-compte/", {**HERE, "next": "/mon-compte/"})
    assert response["Location"] == "/mon-compte/"
    client.post("/deconnexion/")
    response = client.post("/connexion/", {**HERE, "next": "https://ailleurs.example/"})
    assert response["Location"] == "/tableau-de-bord/"


@pytest.mark.parametrize(
    "wrong",
    [
        {**HERE, "password": "autre chose"},
        {**HERE, "login": "personne@valmont.example"},
    ],
)
def test_a_wrong_pair_is_refused_with_the_same_words(
    client: Client, aicha: User, wrong: dict[str, str]
) -> None:
    page = client.post("/connexion/", wrong)
    assert page.status_code == 200
    assert "Cette adresse et ce mot de passe ne vont pas ensemble" in page.text
    assert wrong["login"] in page.text
    assert client.get("/mon-compte/").status_code == 302


def test_too_many_attempts_wait(client: Client, aicha: User) -> None:
    for _ in range(12):
        page = client.post("/connexion/", {**HERE, "password": "autre chose"}).text
    assert "Trop d’essais" in page or "Trop de demandes" in page
    assert "/connexion/" in client.post("/connexion/", HERE).request["PATH_INFO"]
    assert client.get("/mon-compte/").status_code == 302


@pytest.mark.parametrize("typed", ["", "x", "a@b", "é\x00@exemple.fr", "a" * 5_000, "<b>@x.fr"])
def test_nonsense_is_refused_without_a_crash(client: Client, aicha: User, typed: str) -> None:
    for address in ("/connexion/", "/connexion/code/", "/mot-de-passe/"):
        response = client.post(address, {"login": typed, "email": typed, "password": typed})
        assert response.status_code in {200, 302}
    assert client.get("/mon-compte/").status_code == 302


def test_a_code_by_mail_opens_the_desk(client: Client, aicha: User) -> None:
    response = client.post("/connexion/code/", {"email": aicha.email})
    assert response["Location"].startswith("/connexion/code/verifier/")
    (mail,) = queued_account_mails()
    assert mail["to"] == aicha.email
    assert mail["subject"] == "Votre code de connexion"
    code = next(
        line for line in mail["text"].splitlines() if re.fullmatch(r"[A-Z0-9-]{5,12}", line)
    )
    assert code in mail["html"]
    page = client.post("/connexion/code/verifier/", {"code": "FAUX-00"}).text
    assert "Ce code n’est pas le bon" in page
    assert (
        client.post("/connexion/code/verifier/", {"code": code})["Location"] == "/tableau-de-bord/"
    )


def test_asking_a_code_or_a_link_tells_nobody_who_has_an_account(
    client: Client, aicha: User
) -> None:
    for address in ("/connexion/code/", "/mot-de-passe/"):
        known = client.post(address, {"email": aicha.email})
        client.post("/deconnexion/")
        unknown = Client().post(address, {"email": "personne@valmont.example"})
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert {mail["to"] for mail in queued_account_mails()} == {aicha.email}


def test_a_forgotten_password_is_chosen_again(client: Client, aicha: User) -> None:
    client.post("/mot-de-passe/", {"email": aicha.email})
    (mail,) = queued_account_mails()
    link = re.search(r"http://testserver(/mot-de-passe/nouveau/\S+)", mail["text"])
    assert link
    page = client.get(link.group(1), follow=True)
    form = page.request["PATH_INFO"]
    new = "une piste rue des Lilas"
    refused = client.post(form, {"password1": "court", "password2": "court"})
    assert "au minimum 10 caractères" in refused.text
    client.post(form, {"password1": new, "password2": new})
    assert client.post("/connexion/", {**HERE, "password": new})["Location"] == "/tableau-de-bord/"
    again = Client().get(link.group(1), follow=True).text
    assert "Ce lien n’est plus valable" in again
    assert queued_account_mails()[-1]["subject"] == "Votre mot de passe a changé"


def test_nobody_signs_up_by_themselves(client: Client) -> None:
    page = client.post(
        "/connexion/sur-invitation/", {"email": "moi@ici.example", "password1": "longue phrase"}
    )
    assert "On entre ici sur invitation" in page.text
    assert not User.objects.exists()


def test_a_second_factor_is_asked_and_a_recovery_code_serves_once(
    client: Client, aicha: User
) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(aicha, secret)
    RecoveryCodes.activate(aicha)
    stored = Authenticator.objects.get(user=aicha, type=Authenticator.Type.RECOVERY_CODES)
    spare = stored.wrap().get_unused_codes()[0]
    assert client.post("/connexion/", HERE)["Location"] == "/connexion/verification/"
    assert client.get("/tableau-de-bord/").status_code == 302
    assert (
        "Ce code n’est pas le bon"
        in client.post("/connexion/verification/", {"code": "000000"}).text
    )
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    response = client.post("/connexion/verification/", {"code": code})
    assert response["Location"] == "/tableau-de-bord/"
    for expected in (302, 200):
        other = Client()
        other.post("/connexion/", HERE)
        cache.clear()
        assert other.post("/connexion/verification/", {"code": spare}).status_code == expected


def test_a_closed_account_stays_out(client: Client, aicha: User) -> None:
    User.objects.filter(pk=aicha.pk).update(is_active=False)
    response = client.post("/connexion/", HERE, follow=True)
    assert response.status_code == 200
    assert client.get("/mon-compte/").status_code == 302


def test_signing_out_is_a_post(seat: SeatedAt, aicha: User) -> None:
    client = seat(aicha)
    assert "Se déconnecter ?" in client.get("/deconnexion/").text.replace("\u202f", " ")
    assert client.get("/mon-compte/").status_code == 200
    client.post("/deconnexion/")
    assert client.get("/mon-compte/").status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/connexion/",
        "/connexion/code/",
        "/mot-de-passe/",
        "/mot-de-passe/envoye/",
        "/mot-de-passe/change/",
        "/mot-de-passe/nouveau/1-faux/",
        "/connexion/sur-invitation/",
        "/connexion/compte-ferme/",
        "/invitation/faux/",
    ],
)
def test_pages_before_the_desk_are_in_french(client: Client, address: str) -> None:
    for response in (client.get(address), client.post(address, {})):
        if response.status_code in {200, 410}:
            assert not ENGLISH.findall(words_of(response.text)), address


@pytest.mark.parametrize(
    "address",
    [
        "/mon-compte/",
        "/mon-compte/mot-de-passe/",
        "/mon-compte/securite/",
        "/mon-compte/securite/application/",
        "/mon-compte/securite/application/fin/",
        "/mon-compte/securite/cles/",
        "/mon-compte/securite/cles/ajouter/",
    ],
)
def test_pages_of_the_account_are_in_french(client: Client, aicha: User, address: str) -> None:
    client.post("/connexion/", HERE)
    client.post("/connexion/encore/", {"password": "demonstration"})
    if "fin/" in address:
        TOTP.activate(aicha, "JBSWY3DPEHPK3PXP")
    pages = [client.get(address, follow=True), client.post(address, {"x": "y"}, follow=True)]
    assert pages[0].status_code == 200
    assert pages[0].redirect_chain == []
    for page in pages:
        if page.status_code != 405:
            assert not ENGLISH.findall(words_of(page.text)), address


@pytest.mark.django_db(transaction=True)  # the first look is written down by allauth
def test_recovery_codes_are_seen_and_taken_away(client: Client, aicha: User) -> None:
    client.post("/connexion/", HERE)
    client.post("/connexion/encore/", {"password": "demonstration"})
    TOTP.activate(aicha, "JBSWY3DPEHPK3PXP")
    asked = client.get("/mon-compte/securite/codes/nouveaux/")
    assert not ENGLISH.findall(words_of(asked.text))
    page = client.post("/mon-compte/securite/codes/nouveaux/", follow=True)
    assert "Il vous reste 10 codes sur 10" in page.text
    assert not ENGLISH.findall(words_of(page.text))
    taken = client.get("/mon-compte/securite/codes/codes.txt")
    assert len(taken.text.split()) == 10
    assert taken.text.split()[0] in page.text


def test_what_touches_security_asks_again_who_one_is(client: Client, aicha: User) -> None:
    client.post("/connexion/", HERE)
    TOTP.activate(aicha, "JBSWY3DPEHPK3PXP")
    page = client.get("/mon-compte/securite/cles/ajouter/", follow=True)
    assert "C’est bien vous" in page.text
    assert "Avec un code de l’application" in page.text
    assert not ENGLISH.findall(words_of(page.text))
    assert "Ce n’est pas le bon mot de passe" in (
        client.post("/connexion/encore/", {"password": "faux"}).text
    )
    for address in ("/connexion/encore/code/", "/connexion/encore/cle/"):
        assert not ENGLISH.findall(words_of(client.get(address, follow=True).text))


def test_what_changes_in_the_account_is_told_by_mail(
    client: Client, aicha: User, now: datetime
) -> None:
    client.post("/connexion/", HERE)
    new = "une piste rue des Lilas"
    client.post(
        "/mon-compte/mot-de-passe/",
        {"oldpassword": "demonstration", "password1": new, "password2": new},
    )
    mail = queued_account_mails()[-1]
    assert mail["subject"] == "Votre mot de passe a changé"
    assert str(timezone.localdate().year) in mail["text"]
