"""`POST /petitions/<slug>/signer/`, from the wire to the wire."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levier.foundation.people.models.person import Person
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.guard import Guard
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.rules.guards import HARD_LIMIT, network_key
from levier.gathering.signing.rules.receipts import open_receipt
from tests.cast import NOW
from tests.faces.public.fronted import Asked, ask, ask_one, posting, signing
from tests.taking import FORM, form, slug_of

pytestmark = pytest.mark.django_db(transaction=True)
JSON = "application/json"
HTML = "text/html"
LATER = NOW + timedelta(hours=1)


def token_in(address: str) -> str:
    return address.rstrip("/").rsplit("/", 1)[1]


def test_P25_a_form_without_script_or_cookie_signs(lilas: Petition) -> None:
    told = ask_one(signing(slug_of(lilas), form(consent_updates="on")))
    assert told.status == 303
    assert told.body == b""
    assert "set-cookie" not in told.headers
    assert told.headers["cache-control"] == "no-store"
    address = told.headers["location"]
    assert address.startswith(f"/petitions/{slug_of(lilas)}/merci/")
    receipt, at = open_receipt(token_in(address), now=NOW)
    assert (receipt.petition, receipt.number, receipt.first_name) == (lilas.pk, 1, "Paul")
    assert (receipt.masked_email, receipt.wants_updates) == ("p•••••@exemple.fr", True)
    assert at == NOW


@pytest.mark.parametrize("kind", [JSON, "application/x-www-form-urlencoded"])
def test_a_program_gets_json(lilas: Petition, kind: str) -> None:
    slug = slug_of(lilas)
    body = orjson.dumps(FORM) if kind == JSON else b""
    asked = posting(slug, body, JSON) if body else signing(slug, FORM, accept=JSON)
    told = ask_one(asked)
    assert (told.status, told.headers["content-type"]) == (201, "application/json; charset=utf-8")
    assert set(told.json) == {"number", "thanks_url"}
    assert told.json["number"] == 1
    assert told.json["thanks_url"].startswith(f"http://testserver/petitions/{slug}/merci/")


def test_a_form_sent_in_parts_signs(lilas: Petition) -> None:
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {**FORM, "last_name": "Rôché"}.items()
    )
    file = '--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\nfile\r\n'
    kind = "multipart/form-data; boundary=b"
    told = ask_one(posting(slug_of(lilas), f"{parts}{file}--b--\r\n".encode(), kind))
    assert told.status == 303
    assert Signature.objects.get().last_name == "Rôché"


def test_P17_a_repeat_cannot_be_told_from_a_first_signature(lilas: Petition) -> None:
    slug = slug_of(lilas)
    ask(*(signing(slug, form(n)) for n in range(1, 12)))
    for accept in (JSON, HTML):
        again, new = ask(
            signing(slug, form(10), accept=accept),
            signing(slug, form(20 if accept == JSON else 21), accept=accept),
            now=LATER,
        )
        assert again.status == new.status
        assert len(again.body) == len(new.body)
        assert {k: len(v) for k, v in again.headers.items()} == {
            k: len(v) for k, v in new.headers.items()
        }
    assert Tally.objects.get(petition=lilas).counted == 13


def test_P68_P69_a_held_signature_cannot_be_told_either(lilas: Petition) -> None:
    slug = slug_of(lilas)
    held, new = ask(
        signing(slug, form(1, website="x"), accept=JSON), signing(slug, form(2), accept=JSON)
    )
    assert (held.status, len(held.body)) == (new.status, len(new.body))
    assert held.json["number"] == new.json["number"] == 1


def test_errors_come_beside_their_fields_in_json(lilas: Petition) -> None:
    asked = signing(slug_of(lilas), form(email="paul", first_name=""), accept=JSON)
    told = ask_one(asked)
    assert told.status == 422
    assert told.json == {
        "errors": {
            "first_name": ["Indiquez votre prénom (100 caractères au plus)"],
            "email": ["Cette adresse ne semble pas complète. Exemple\u00a0: prenom@exemple.fr"],
        }
    }
    assert Person.objects.count() == 0


def test_errors_come_back_in_the_page_with_all_that_was_typed(lilas: Petition) -> None:
    typed = form(email="paul", comment="Parce que <b>oui</b> & non.", consent_updates="on")
    told = ask_one(signing(slug_of(lilas), typed, accept=HTML))
    assert told.status == 422
    assert "Cette adresse ne semble pas complète" in told.text
    assert 'value="paul"' in told.text
    assert "Parce que &lt;b&gt;oui&lt;/b&gt; &amp; non." in told.text
    assert "set-cookie" not in told.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_P26_reading_the_address_leads_to_the_page(lilas: Petition, method: str) -> None:
    path = f"/petitions/{slug_of(lilas)}/signer/"
    told = ask_one(Asked(path=path, method=method))
    assert (told.status, told.headers["location"]) == (303, f"/petitions/{slug_of(lilas)}/")
    assert Signature.objects.count() == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"origin": "https://ailleurs.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver.ailleurs.example"}, 403),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, 201),
        ({"sec_fetch_site": "none"}, 201),
        ({"origin": "http://testserver"}, 201),
        ({}, 201),
    ],
)
def test_other_sites_cannot_sign_for_their_visitors(
    lilas: Petition, headers: dict[str, str], status: int
) -> None:
    told = ask_one(signing(slug_of(lilas), FORM, accept=JSON, **headers))
    assert told.status == status
    assert Signature.objects.count() == (status == 201)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"first_name=Paul", "text/plain", 415),
        (b"first_name=Paul", "", 415),
        (b"comment=" + b"a" * 16_384, "application/x-www-form-urlencoded", 413),
        (b"{", JSON, 422),
        (b"[]", JSON, 422),
        (b'{"first_name": "\\ud800"}', JSON, 422),
        (b'{"first_name": %s}' % (b"[" * 1_010 + b"]" * 1_010), JSON, 422),
        (b"\xff\xfe", JSON, 422),
        (b"--x", "multipart/form-data", 422),
        (b"no part at all", "multipart/form-data; boundary=b", 422),
        (b"a=1&" * 100, "application/x-www-form-urlencoded", 422),
        (b"first_name=%FF%FE&last_name=\xff", "application/x-www-form-urlencoded", 422),
        (b"", "application/x-www-form-urlencoded", 422),
    ],
)
@pytest.mark.parametrize("accept", [JSON, HTML])
def test_a_body_that_cannot_be_read_is_told_in_french(
    lilas: Petition, body: bytes, kind: str, status: int, accept: str
) -> None:
    told = ask_one(posting(slug_of(lilas), body, kind, accept=accept))
    assert told.status == status
    if accept == JSON:
        assert all(s[0].isupper() for found in told.json["errors"].values() for s in found)
    assert Person.objects.count() == 0


def test_words_too_long_come_back_whole(lilas: Petition) -> None:
    words = "Parce que nous y passons tous. " * 600
    told = ask_one(signing(slug_of(lilas), form(comment=words), accept=HTML))
    assert told.status == 413
    assert "Votre message est trop long" in told.text
    assert words.strip() in told.text
    assert 'value="Paul"' in told.text
    assert Person.objects.count() == 0


def test_a_body_without_end_is_not_read(lilas: Petition) -> None:
    told = ask_one(signing(slug_of(lilas), form(comment="a" * 100_000), accept=HTML))
    assert told.status == 413
    assert "aaaa" not in told.text


def test_a_body_longer_than_it_says_is_refused_too(lilas: Petition) -> None:
    asked = signing(slug_of(lilas), {"comment": "a" * 20_000}, accept=JSON, content_length="5")
    assert ask_one(asked).status == 413


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (PetitionState.CLOSED, 410),
        (PetitionState.WON, 410),
        (PetitionState.PAUSED, 503),
        (PetitionState.REMOVED, 404),
        (PetitionState.DRAFT, 404),
    ],
)
@pytest.mark.parametrize("accept", [JSON, HTML])
def test_P61_a_petition_that_takes_no_signature_says_so(
    lilas: Petition, state: str, status: int, accept: str
) -> None:
    closed = NOW - timedelta(days=127)
    Petition.objects.filter(pk=lilas.pk).update(state=state, closed_at=closed)
    told = ask_one(signing(slug_of(lilas), FORM, accept=accept))
    assert told.status == status
    assert ("retry-after" in told.headers) == (status == 503)
    if status == 410:
        assert "close depuis le 12\u00a0mai. Voici son résultat." in told.text
    assert Person.objects.count() == 0


def test_an_unknown_petition_is_not_found(lilas: Petition) -> None:
    assert [t.status for t in ask(signing("rien", FORM), signing("rien", FORM, accept=JSON))] == [
        *(404, 404)
    ]


@pytest.mark.parametrize("slug", ["a\0b", "a\r\nb", "é", "a b", "..", ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_no_slug_leads_nowhere(db: None, slug: str, method: str) -> None:
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    asked = Asked(path=f"/petitions/{slug}/signer/", method=method, body=b"a=b", headers=headers)
    told = ask_one(asked)
    assert told.status == 404
    assert "location" not in told.headers


def test_a_wrong_method_is_told_in_french(lilas: Petition) -> None:
    told = ask_one(Asked(path=f"/petitions/{slug_of(lilas)}/signer/", method="PUT"))
    assert (told.status, told.headers["allow"]) == (405, "GET, HEAD, POST")
    assert told.text == "Pour signer, envoyez le formulaire de la page."


def test_P67_too_many_from_one_network(lilas: Petition) -> None:
    Guard.objects.create(key=network_key("203.0.113.7", now=NOW), window=NOW, n=HARD_LIMIT)
    told = ask_one(signing(slug_of(lilas), FORM, accept=JSON))
    assert (told.status, told.headers["retry-after"]) == (429, "600")
    assert told.json == {
        "errors": {
            "__all__": ["Trop d’envois depuis votre connexion. Réessayez dans 10\u00a0minutes."]
        }
    }


@given(
    body=st.binary(max_size=300), kind=st.sampled_from([JSON, "multipart/form-data; boundary=b"])
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_body_breaks_the_path(lilas: Petition, body: bytes, kind: str) -> None:
    told = ask_one(posting("rien", body, kind, accept=JSON))
    assert told.status in {404, 422}


def test_everything_posted_in_json_is_checked(lilas: Petition) -> None:
    bad: list[Any] = [None, 5, True, [], {}, "\x00", "a" * 6_000]
    asked = [
        posting(slug_of(lilas), orjson.dumps({**FORM, field: value}), JSON)
        for field in ("first_name", "email", "postal_code", "country", "comment", "phone")
        for value in bad
    ]
    statuses = {told.status for told in ask(*asked)}
    assert statuses <= {201, 422}
