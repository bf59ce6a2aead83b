"""The share step: a letter one edits, an address book that never leaves the browser (P47, P48)."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.rules.receipts import Receipt, seal_receipt
from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CARDS = """\
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Tremblay;=C3=89lo=
dise;;;
EMAIL;HOME:elodise@exemple.fr
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Sans adresse
TEL:0102030405
END:VCARD
BEGIN:VCARD
VERSION:3.0
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ==
item1.EMAIL;TYPE=INTERNET,HOME:marc@exemp
 le.fr
FN:Marc\\, le boulanger
EMAIL:marc.autre@exemple.fr
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:<img src=x onerror=alert(1)>
EMAIL:bcc@exemple.fr
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Fausse adresse
EMAIL:a@exemple.fr,b@exemple.fr
END:VCARD
"""


def book_of(people: int) -> str:
    return "".join(
        f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Personne {n:03}\r\n"
        f"EMAIL:personne{n:03}@exemple.fr\r\nEND:VCARD\r\n"
        for n in range(people)
    )


@pytest.fixture
def thanks(lilas: Petition) -> str:
    receipt = Receipt(lilas.pk, "abcd2345", 8686, "Paul", "p•••••@exemple.fr", False)
    token = seal_receipt(receipt, now=timezone.now())
    return f"/petitions/piste-cyclable-rue-des-lilas/merci/{token}/"


def load(page: Page, folder: Path, text: str) -> None:
    file = folder / "carnet.vcf"
    file.write_bytes(text.encode())
    page.get_by_text("Choisir plusieurs personnes dans mon carnet").click()
    page.set_input_files("#carnet-fichier", file)


def drafts(page: Page) -> list[dict[str, list[str]]]:
    links = page.locator("[data-drafts] a")
    return [
        parse_qs(urlsplit(links.nth(n).get_attribute("href") or "").query)
        for n in range(links.count())
    ]


def test_P47_a_book_of_200_35_ticked_two_drafts_and_no_request(
    open_page: OpenPage, thanks: str, tmp_path: Path
) -> None:
    page = open_page(thanks)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    load(page, tmp_path, book_of(200))
    expect(page.locator("[data-found]")).to_have_text("200 personnes trouvées")
    boxes = page.locator(".contacts input")
    assert boxes.count() == 200
    assert page.locator(".contacts input:checked").count() == 0
    for n in range(35):
        boxes.nth(n).check()
    first, second = drafts(page)
    written = [address for draft in (first, second) for address in draft["bcc"][0].split(",")]
    assert written == [f"personne{n:03}@exemple.fr" for n in range(35)]
    assert (len(first["bcc"][0].split(",")), len(second["bcc"][0].split(","))) == (30, 5)
    assert first["subject"] == ["Une piste cyclable rue des Lilas"]
    assert first["body"][0].endswith("/s/abcd2345")
    expect(page.get_by_role("link", name="Ouvrir le brouillon 1 (30 personnes)")).to_be_visible()
    expect(page.get_by_role("link", name="Ouvrir le brouillon 2 (5 personnes)")).to_be_visible()
    assert [request for request in sent if not request.endswith("favicon.svg")] == []


def test_P47_reads_the_books_that_telephones_export(
    open_page: OpenPage, thanks: str, tmp_path: Path
) -> None:
    page = open_page(thanks)
    load(page, tmp_path, CARDS)
    expect(page.locator("[data-found]")).to_have_text("3 personnes trouvées")
    shown = page.locator(".contacts label")
    assert [shown.nth(n).inner_text().split("\n")[0] for n in range(3)] == [
        *("<img src=x onerror=alert(1)>", "Élodise Tremblay", "Marc, le boulanger"),
    ]
    page.get_by_role("button", name="Cocher tout le monde").click()
    (draft,) = drafts(page)
    assert draft["bcc"] == ["bcc@exemple.fr,elodise@exemple.fr,marc@exemple.fr"]
    page.get_by_role("button", name="Décocher").click()
    assert drafts(page) == []


@pytest.mark.parametrize("text", ["", "rien du tout", "BEGIN:VCARD\nEND:VCARD", "\x00\x01\x02"])
def test_a_file_without_an_address_says_so(
    open_page: OpenPage, thanks: str, tmp_path: Path, text: str
) -> None:
    page = open_page(thanks)
    load(page, tmp_path, text)
    expect(page.locator("[data-found]")).to_have_text(
        "Aucune adresse électronique dans ce fichier."
    )
    assert drafts(page) == []


def test_the_letter_leaves_as_it_was_rewritten(
    open_page: OpenPage, thanks: str, tmp_path: Path
) -> None:
    page = open_page(thanks)
    load(page, tmp_path, book_of(1))
    page.locator(".contacts input").check()
    page.fill("#mot", "Chère voisine & amie,\nsigne avec moi ?")
    letter = parse_qs(urlsplit(page.locator("[data-mailto]").get_attribute("href") or "").query)
    assert letter["body"] == ["Chère voisine & amie,\r\nsigne avec moi ?"]
    (draft,) = drafts(page)
    assert draft["body"] == letter["body"]


def test_P48_without_JavaScript_one_letter_and_a_text_to_copy(
    open_page: OpenPage, thanks: str
) -> None:
    page = open_page(thanks, java_script_enabled=False)
    expect(page.get_by_role("link", name="Ouvrir mon courriel")).to_be_visible()
    assert page.input_value("#mot").endswith("/s/abcd2345")
    expect(page.locator("[data-address-book]")).to_be_hidden()
    expect(page.get_by_role("button", name="Copier")).to_be_hidden()


def test_asks_for_the_mail_again_without_JavaScript(open_page: OpenPage, thanks: str) -> None:
    page = open_page(thanks, java_script_enabled=False)
    page.get_by_role("button", name="Je n’ai rien reçu").click()
    expect(page.locator(".notice")).to_contain_text("un nouveau courriel part vers p•••••")
