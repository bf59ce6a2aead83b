"""P24 from the page: what it offers, what it answers, and that it tells nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.count_network import LINKS_PER_WINDOW
from levier.gathering.signing.actions.queue_correction import queue_correction
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.rules.receipts import Correction, Receipt, open_receipt, seal_receipt
from levier.gathering.signing.tasks.correction import correct_mistyped_address
from tests.cast import make_signature
from tests.corrections import asked_corrections, do_asked_corrections
from tests.faces.public.page import html, parts, words

PAGE = "/petitions/piste-cyclable-rue-des-lilas/"
WRONG, RIGHT = "paul@gmial.com", "paul@gmail.com"


def thanks(signature: Signature, *, age: timedelta = timedelta(0), **fields: Any) -> str:
    """The address its maker was sent to."""
    receipt = Receipt(
        petition=signature.petition_id,
        code=ReferralCode.objects.get(signature=signature).code,
        number=signature.number,
        first_name=signature.first_name,
        masked_email="p•••••@gmial.com",
        wants_updates=False,
    )._replace(**fields)
    return f"{PAGE}merci/{seal_receipt(receipt, now=timezone.now() - age)}/"


def sign(petition: Petition, email: str = WRONG, **fields: Any) -> Signature:
    return make_signature(petition, email, signed_at=timezone.now(), **fields)


def address_of(signature: Signature) -> str:
    """The address once the worker has done what it was asked."""
    do_asked_corrections()
    return Signature.objects.values_list("contact_point__typed", flat=True).get(pk=signature.pk)


def read(response: HttpResponseBase, code: str) -> str:
    """The page but for what is each receipt's own."""
    said = re.sub(r"/merci/[\w-]+/", "/merci/TOKEN/", html(response)).replace(code, "CODE")
    return re.sub(r'(?s)<div class="qr".*?</div>', "", said)


def test_P24_the_address_is_corrected_without_a_second_signature(
    client: Client, lilas: Petition
) -> None:
    signature = sign(lilas)
    page = thanks(signature)
    assert parts(client.get(page)).fields["email"]["type"] == "email"
    response = client.post(f"{page}corriger/", {"email": RIGHT})
    assert response.status_code == 303
    assert response["Cache-Control"] == "no-store"
    assert response.cookies == {}
    assert address_of(signature) == RIGHT
    assert Tally.objects.get().counted == 1
    said = words(client.get(response["Location"]))
    assert "le courriel part maintenant vers p•••••@gmail.com" in said
    assert "Merci Camille !" in said


def test_P17_the_answer_looks_for_nothing_and_the_job_shows_no_address(
    client: Client, lilas: Petition
) -> None:
    """A stranger with a clock learns nothing; nor does who reads the table of jobs."""
    page = thanks(sign(lilas))
    asked = []
    for path in (page, thanks(make_signature(lilas), number=99)):
        with CaptureQueriesContext(connection) as captured:
            client.post(f"{path}corriger/", {"email": RIGHT})
        asked.append([re.sub(r"'[^']*'|\d+", "?", q["sql"]) for q in captured.captured_queries])
    assert asked[0] == asked[1]
    assert not any("levier_signature" in sql or "levier_contactpoint" in sql for sql in asked[0])
    assert len(asked_corrections()) == 2
    assert "gmail" not in str(asked_corrections())


def test_P24_a_worker_that_was_late_or_runs_twice_does_what_was_asked(
    client: Client, lilas: Petition
) -> None:
    signature = make_signature(lilas, WRONG, signed_at=timezone.now() - timedelta(hours=2))
    receipt, given_at = open_receipt(
        thanks(signature, age=timedelta(hours=2)).split("/")[-2], now=timezone.now()
    )
    asked_at = given_at + timedelta(minutes=5)
    queue_correction(correction=Correction(receipt, given_at, RIGHT, asked_at))
    (job,) = asked_corrections()
    for _ in range(2):
        correct_mistyped_address(**job)
    assert address_of(signature) == RIGHT
    assert Tally.objects.get().counted == 1
    correct_mistyped_address(asked="altered")


def test_P24_the_ten_minutes_are_those_of_the_signature(client: Client, lilas: Petition) -> None:
    signature = sign(lilas)
    page = thanks(signature, age=timedelta(minutes=9))
    response = client.post(f"{page}corriger/", {"email": RIGHT})
    token = response["Location"].split("/merci/")[1].split("/")[0]
    receipt, given_at = open_receipt(token, now=timezone.now())
    assert receipt.masked_email == "p•••••@gmail.com"
    assert timedelta(minutes=9) <= timezone.now() - given_at < timedelta(minutes=10)


def test_P24_after_ten_minutes_nothing_is_offered_nor_done(client: Client, lilas: Petition) -> None:
    signature = sign(lilas)
    page = thanks(signature, age=timedelta(minutes=11))
    assert "Ce n’est pas la bonne adresse ?" not in words(client.get(page))
    response = client.post(f"{page}corriger/", {"email": RIGHT})
    assert response.status_code == 410
    assert "Les dix minutes sont passées" in words(response)
    assert f"Vous pouvez signer de nouveau avec {RIGHT}" in words(response)
    assert address_of(signature) == WRONG


def test_P24_a_likely_slip_is_pointed_out_at_once(client: Client, lilas: Petition) -> None:
    signature = sign(lilas)
    response = client.get(thanks(signature))
    assert "Vouliez-vous écrire …@gmail.com ?" in words(response)
    assert re.search(r'<details class="mistyped" id="adresse" open>', html(response))
    right = client.get(thanks(signature, masked_email="p•••••@gmail.com"))
    assert "Vouliez-vous écrire" not in words(right)
    assert re.search(r'<details class="mistyped" id="adresse">', html(right))


def test_P24_the_correction_too_is_asked_about_once(client: Client, lilas: Petition) -> None:
    signature = sign(lilas)
    action = f"{thanks(signature)}corriger/"
    response = client.post(action, {"email": "paul@gmail.con"})
    assert response.status_code == 422
    assert "Vouliez-vous écrire paul@gmail.com ?" in words(response)
    assert "Non, garder paul@gmail.con" in words(response)
    assert address_of(signature) == WRONG
    client.post(action, {"email": "paul@gmail.con", "sure": "1"})
    assert address_of(signature) == "paul@gmail.con"


@pytest.mark.parametrize("typed", ["", "paul", "paul@", "a" * 250 + "@exemple.fr", "a\x00@b.fr"])
def test_what_is_no_address_is_said_beside_the_field(
    client: Client, lilas: Petition, typed: str
) -> None:
    signature = sign(lilas)
    response = client.post(f"{thanks(signature)}corriger/", {"email": typed})
    assert response.status_code == 422
    assert "Cette adresse ne semble pas complète" in words(response)
    field = parts(response).fields["email"]
    assert (field["value"], field["aria-invalid"]) == (typed, "true")
    assert address_of(signature) == WRONG


def test_P17_every_receipt_gets_the_same_answer(client: Client, lilas: Petition) -> None:
    """A first signature, a repeat, a held one, a confirmed one, and a right address that had
    signed: nothing in the answer tells which."""
    make_signature(lilas, "deja@exemple.fr")
    first, again, held, confirmed, double = (
        sign(lilas, "un@gmial.com"),
        make_signature(lilas, "deux@gmial.com"),
        sign(lilas, "trois@gmial.com", state=SignatureState.HELD, reason=HoldReason.RATE),
        sign(lilas, "quatre@gmial.com", confirmed_at=timezone.now()),
        sign(lilas, "cinq@gmial.com"),
    )
    emails = {first: "p1@gmail.com", again: "p2@gmail.com", held: "p3@gmail.com"}
    emails |= {confirmed: "p4@gmail.com", double: "p.deja@exemple.fr"}
    Tally.objects.update(counted=1000, last_number=1000)
    make_signature(lilas, "p.deja@exemple.fr")
    answered = set()
    for signature, email in emails.items():
        page = thanks(signature, number=signature.number if signature == first else 900)
        response = client.post(f"{page}corriger/", {"email": email})
        kept = {name: value for name, value in response.headers.items() if name != "Location"}
        answered.add((response.status_code, tuple(sorted(kept.items()))))
    assert len(answered) == 1
    assert address_of(first) == "p1@gmail.com"
    assert address_of(again) == "deux@gmial.com"
    assert address_of(confirmed) == "quatre@gmial.com"


def test_P17_the_page_that_follows_is_the_same_too(client: Client, lilas: Petition) -> None:
    mine = sign(lilas)
    theirs = make_signature(lilas, "marie@gmial.com")
    Tally.objects.update(counted=2, last_number=2)
    pages = []
    for signature in (mine, theirs):
        code = ReferralCode.objects.get(signature=signature).code
        page = thanks(signature, number=1)
        pages.append(read(client.get(page), code))
        response = client.post(f"{page}corriger/", {"email": RIGHT})
        pages.append(read(client.get(response["Location"]), code))
    assert pages[:2] == pages[2:]
    assert (address_of(mine), address_of(theirs)) == (RIGHT, "marie@gmial.com")


def test_P67_the_network_is_counted(client: Client, lilas: Petition, settings: Any) -> None:
    settings.RATE_LIMITS = True
    signature = sign(lilas)
    action = f"{thanks(signature)}corriger/"
    for n in range(LINKS_PER_WINDOW):
        assert client.post(action, {"email": f"p{n}@gmail.com"}).status_code == 303
    response = client.post(action, {"email": RIGHT})
    assert response.status_code == 429
    assert "Trop d’envois depuis votre connexion" in words(response)
    assert parts(response).fields["email"]["value"] == RIGHT


def test_takes_a_post_from_our_own_page(client: Client, lilas: Petition) -> None:
    signature = sign(lilas)
    action = f"{thanks(signature)}corriger/"
    assert client.get(action).status_code == 405
    other = client.post(action, {"email": RIGHT}, headers={"Sec-Fetch-Site": "cross-site"})
    assert other.status_code == 403
    assert client.post(f"{PAGE}merci/x/corriger/", {"email": RIGHT}).status_code == 404
    assert address_of(signature) == WRONG
