"""What anyone may print: it never fails, whatever was typed, and is set once."""

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from levier.foundation.common import pdf
from levier.gathering.petitions.models.petition import Petition, Slug, Version

pytestmark = pytest.mark.django_db
BASE = "/petitions/piste-cyclable-rue-des-lilas/"
DOCUMENTS = ["feuille.pdf", "affiche.pdf", "affiche.pdf?format=a3", "tract.pdf", "qr.pdf"]
STORY = f"<h2>{'x' * 200}</h2><blockquote><p>Oui</p></blockquote><ul><li>a</ul>"
PAGE = re.compile(rb"/Type\s*/Page\b")
STRANGE = {
    "emoji": ("Sauvons les 🐝 👩🏽‍🌾🇫🇷 !", "🚫 ❤️ « promis » ? " * 15),
    "right to left": ("العدالة لنور: أوقفوا الملاحقات", "נא לחתום עד 2027, et en français."),
    "typst": ("#panic() $x$ *gras* _x_ \\ @ref <b>", '#import "common.typ": * // ] } ) #{'),
    "one long word": ("W" * 120, "É" * 300),
    "controls": ("a\u200bb\u00adc\u202ed", "\u2028 \ufffd 中文 हिन्दी"),
    "quotes": ("'' \"\" `` ‘’ “” «»", "— – … / \\ & % # ~"),
}


@pytest.fixture(autouse=True)
def forgotten(settings: Any, tmp_path: Path) -> None:
    """Nothing is kept from another test."""
    caches[pdf.KEPT].clear()


def write(petition: Petition, title: str, ask: str, story: str = "<p>Oui.</p>", n: int = 9) -> None:
    version = Version.objects.create(
        petition=petition,
        n=n,
        title=title[:120],
        ask=ask[:300],
        story=story,
        sha256=b"",
        created_at=timezone.now(),
        published_at=timezone.now(),
    )
    Petition.objects.filter(pk=petition.pk).update(version=version)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_a_pdf_that_everyone_may_keep(
    name: str, client: Client, lilas: Petition
) -> None:
    response = client.get(BASE + name)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert response["Cache-Control"] == "public, max-age=3600"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    again = client.get(BASE + name, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_the_code_is_a_picture_too(client: Client, lilas: Petition) -> None:
    response = client.get(f"{BASE}qr.png")
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("case", STRANGE)
def test_whatever_was_typed_is_set(case: str, name: str, client: Client, lilas: Petition) -> None:
    title, ask = STRANGE[case]
    write(
        lilas, title, ask, f"<h2>{'x' * 200}</h2><blockquote><p>Oui</p></blockquote><ul><li>a</ul>"
    )
    assert client.get(BASE + name).content.startswith(b"%PDF-")


def test_a_long_text_goes_behind_and_stays_on_one_page(client: Client, lilas: Petition) -> None:
    pages = []
    for n, story in enumerate(["Court.", "Chaque matin, quatre cents enfants. " * 570], start=9):
        write(lilas, "Titre", "Demande", f"<p>{story}</p>", n=n)
        pages.append(len(PAGE.findall(client.get(f"{BASE}feuille.pdf").content)))
    assert pages == [1, 2]


def test_the_same_words_are_set_once_and_other_words_again(
    client: Client, lilas: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    true, made = pdf.typeset, list[str]()

    def counting(template: str, data: Any, **options: Any) -> bytes:
        made.append(template)
        return true(template, data, **options)

    monkeypatch.setattr(pdf, "typeset", counting)
    for _ in range(3):
        client.get(f"{BASE}affiche.pdf")
    assert made == ["poster.typ"]
    client.get(f"{BASE}affiche.pdf?format=a3")
    client.get(f"{BASE}affiche.pdf?format=nimporte")
    assert made == ["poster.typ"] * 2
    write(lilas, "Autre titre", "Autre demande")
    client.get(f"{BASE}affiche.pdf")
    assert made == ["poster.typ"] * 3


def test_a_crowd_that_asks_at_once_waits_for_one_setting() -> None:
    made = []

    def make() -> bytes:
        made.append(1)
        return b"x"

    threads = [
        threading.Thread(target=pdf.kept_file, args=("crowd", {"n": 1}, make)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_P50_once_it_is_over_its_result_is_shown_instead(client: Client, lilas: Petition) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state="closed", closed_at=timezone.now())
    for name in DOCUMENTS:
        assert client.get(BASE + name)["Location"] == BASE


@pytest.mark.parametrize("state", ["draft", "in_review", "removed"])
def test_what_the_public_may_not_read_is_not_printed(
    state: str, client: Client, lilas: Petition
) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state=state)
    assert {client.get(BASE + name).status_code for name in DOCUMENTS} <= {404, 410}


def test_an_old_address_leads_to_the_new_one(client: Client, lilas: Petition) -> None:
    Slug.objects.filter(petition=lilas).update(current=False)
    Slug.objects.create(petition=lilas, slug="lilas")
    response = client.get(f"{BASE}affiche.pdf")
    assert (response.status_code, response["Location"]) == (301, "/petitions/lilas/affiche.pdf")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_posted_here(name: str, client: Client, lilas: Petition) -> None:
    assert client.post(BASE + name).status_code == 405
