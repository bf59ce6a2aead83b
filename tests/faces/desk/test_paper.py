"""Typing paper sheets at the desk (P55, P57)."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.models.paper import PaperLine, PaperRun, PaperSheet
from tests.cast import make_signature
from tests.faces.desk.conftest import SeatedAt
from tests.gathering.signing.paper_sheets import line, lines, paper_of

pytestmark = pytest.mark.django_db
PAPER = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/papier/"
ENTER, PASTE = f"{PAPER}saisir/", f"{PAPER}coller/enregistrer/"


@pytest.fixture
def desk(seat: SeatedAt, hugo: User, lilas: Petition) -> Client:
    return seat(hugo)


def typed(*people: tuple[str, str, str, str, str], rows: str = "", **more: str) -> dict[str, str]:
    """A posted sheet: (last name, first name, e-mail, postcode, « on ») from line 1 on."""
    names = ("last_name", "first_name", "email", "postal_code", "consent")
    data = {"rows": rows or ",".join(str(n) for n in range(1, 16)), **more}
    for n, person in enumerate(people, 1):
        data.update({f"l{n}-{name}": value for name, value in zip(names, person, strict=True)})
    return data


JEANNE = ("Le Goff", "Jeanne", "jeanne@exemple.fr", "35000", "")
INES = ("Bâ", "Inès", "", "", "")
BAD = ("O’Neil", "", "zoe@", "3500", "on")


def test_a_sheet_is_typed_and_the_next_one_waits(desk: Client, lilas: Petition) -> None:
    page = desk.get(ENTER)
    assert page.status_code == 200
    assert page.text.count('name="l15-last_name"') == 1
    response = desk.post(ENTER, typed(JEANNE, INES, number="12"), follow=True)
    assert response.redirect_chain == [(ENTER, 302)]
    assert "Feuille 12 : 2 signatures comptées." in response.text
    assert paper_of(lilas) == 2


def test_P57_wrong_lines_stay_with_their_message_and_the_others_are_kept(
    desk: Client, lilas: Petition
) -> None:
    page = desk.post(ENTER, typed(JEANNE, BAD, INES, number="12"))
    assert page.status_code == 422
    assert "Indiquez le prénom" in page.text
    assert "Illisible ? Laissez la case vide." in page.text
    assert 'value="zoe@"' in page.text
    assert 'value="O’Neil"' in page.text
    assert 'name="l2-consent" checked' in page.text
    assert "l1-last_name" not in page.text
    assert paper_of(lilas) == 2
    sheet = PaperSheet.objects.get()
    mended = {"l2-last_name": "O’Neil", "l2-first_name": "Zoé", "l2-email": "zoe@exemple.fr"}
    response = desk.post(f"{PAPER}feuilles/{sheet.pk}/", {"rows": "2", **mended}, follow=True)
    assert "Feuille 12 : 3 signatures comptées." in response.text
    positions = PaperLine.objects.order_by("position").values_list("position", "first_name")
    assert list(positions) == [(1, "Jeanne"), (2, "Zoé"), (3, "Inès")]


def test_P57_when_no_line_is_right_nothing_is_kept_and_nothing_is_lost(
    desk: Client, lilas: Petition
) -> None:
    page = desk.post(ENTER, typed(BAD, number="12"))
    assert page.status_code == 422
    assert 'value="zoe@"' in page.text
    assert 'value="12"' in page.text
    assert not PaperSheet.objects.exists()
    page = desk.post(ENTER, typed(number="12"))
    assert "Tapez au moins une ligne." in page.text
    page = desk.post(ENTER, typed(JEANNE, number="zéro"))
    assert "Un nombre entre 1 et 999 999" in page.text
    assert 'value="jeanne@exemple.fr"' in page.text
    assert paper_of(lilas) == 0


def test_a_ticked_box_without_an_address_is_asked_about(desk: Client, lilas: Petition) -> None:
    page = desk.post(ENTER, typed(("Bâ", "Inès", "", "", "on"), number="1"))
    assert "il faut l’adresse, ou décochez-la" in page.text


def test_P55_the_same_sheet_again_is_refused_and_what_was_typed_stays(
    desk: Client, lilas: Petition, hugo: User
) -> None:
    enter_sheet(petition=lilas, number=12, lines=lines(3), by=hugo, now=timezone.now())
    page = desk.post(ENTER, typed(JEANNE, number="12"))
    assert page.status_code == 422
    assert "La feuille 12 est déjà saisie : Hugo Marchand" in page.text
    assert 'value="jeanne@exemple.fr"' in page.text
    assert paper_of(lilas) == 3


def test_a_sheet_is_corrected_and_an_emptied_line_taken_away(
    desk: Client, lilas: Petition, hugo: User
) -> None:
    make_signature(lilas, "paul@exemple.fr")
    entered = [line(1, "paul@exemple.fr"), line(2, "jeanne@exemple.fr")]
    sheet = enter_sheet(petition=lilas, number=12, lines=entered, by=hugo, now=timezone.now())
    address = f"{PAPER}feuilles/{sheet.pk}/"
    page = desk.get(address).text
    assert "A aussi signé en ligne, n° 1" in page
    assert 'value="jeanne@exemple.fr"' in page
    response = desk.post(address, typed(("Roche", "Paule", "paule@exemple.fr", "", "")))
    assert response.status_code == 302
    assert list(PaperLine.objects.values_list("email", "state")) == [
        ("paule@exemple.fr", "counted")
    ]
    assert paper_of(lilas) == 1


def test_a_sheet_is_taken_away_whole(desk: Client, lilas: Petition, hugo: User) -> None:
    sheet = enter_sheet(petition=lilas, number=12, lines=lines(3), by=hugo, now=timezone.now())
    response = desk.post(f"{PAPER}feuilles/{sheet.pk}/retirer/", follow=True)
    assert "La feuille 12 est retirée" in response.text
    assert paper_of(lilas) == 0


def test_the_button_finds_who_signed_both_ways(desk: Client, lilas: Petition, hugo: User) -> None:
    enter_sheet(petition=lilas, number=12, lines=lines(3), by=hugo, now=timezone.now())
    assert "Tout est déjà juste" in desk.post(f"{PAPER}rapprocher/", follow=True).text
    make_signature(lilas, "papier2@exemple.fr")
    assert "Une ligne ne compte plus" in desk.post(f"{PAPER}rapprocher/", follow=True).text
    assert paper_of(lilas) == 2


PASTED = """feuille\tnom\tprénom\tcourriel\tcode postal\taccord
12\tLe Goff\tJeanne\tjeanne@exemple.fr\t35000\toui
12\tBâ\tInès\t\t\t
13\tO’Neil\tZoé\tzoe@\t\t
13\tRoche\tCamille\tcamille@exemple.fr\t\tnon
zéro\tTremblay\tPaul\t\t\t"""


@pytest.mark.django_db(transaction=True)
def test_P57_pasted_lines_are_kept_by_sheet_and_the_wrong_ones_stay(
    desk: Client, lilas: Petition
) -> None:
    page = desk.post(PASTE, {"lines": PASTED})
    assert page.status_code == 422
    left = page.context["form"]["lines"].value()
    assert left.splitlines() == [PASTED.splitlines()[n] for n in (0, 3, 5)]
    assert "Cette adresse ne semble pas complète" in page.text
    assert sorted(PaperSheet.objects.values_list("number", "counted")) == [(12, 2), (13, 1)]
    again = left.replace("zoe@", "zoe@exemple.fr").replace("zéro", "14")
    data = {"lines": again, "continued": page.context["form"]["continued"].value()}
    response = desk.post(PASTE, data, follow=True)
    assert response.redirect_chain == [(PAPER, 302)]
    sheets = [(12, 2), (13, 2), (14, 1)]
    assert sorted(PaperSheet.objects.values_list("number", "counted")) == sheets
    assert paper_of(lilas) == 5
    assert PaperLine.objects.get(email="jeanne@exemple.fr").consent


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_pasted_lines_without_titles_are_in_the_order_of_the_sheet(
    separator: str, desk: Client, lilas: Petition
) -> None:
    rows = [("Le Goff", "Jeanne", "jeanne@exemple.fr", "35000", "x"), ("Bâ", "Inès")]
    text = "\n".join(separator.join(row) for row in rows)
    assert desk.post(PASTE, {"lines": text, "number": "7"}).status_code == 302
    found = PaperLine.objects.order_by("position").values_list("last_name", "consent")
    assert list(found) == [("Le Goff", True), ("Bâ", False)]
    page = desk.post(PASTE, {"lines": text, "number": "7"})
    assert "La feuille 7 est déjà saisie" in page.text
    assert paper_of(lilas) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "text", ["", "nom;prénom", '"', "\x00\n\x00", "a" * 5_000, ";;;;\n" * 50, "=1+1;@SUM;x;y;z;t;u"]
)
def test_strange_lines_are_refused_and_never_break(
    text: str, desk: Client, lilas: Petition
) -> None:
    page = desk.post(PASTE, {"lines": text, "number": "7"})
    assert page.status_code == 422
    assert not PaperSheet.objects.exists()


def test_sheets_are_printed_with_numbers_nobody_has(
    desk: Client, lilas: Petition, hugo: User
) -> None:
    enter_sheet(petition=lilas, number=40, lines=lines(1), by=hugo, now=timezone.now())
    page = desk.post(f"{PAPER}imprimer/", {"sheets": "3"}, follow=True).text
    assert "Les feuilles 41 à 43 sont prêtes à imprimer." in page
    assert "0 revenue sur 3" in page
    run = PaperRun.objects.get()
    response = desk.get(f"{PAPER}tirages/{run.pk}/feuilles.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    for wrong in ("0", "201", "beaucoup", ""):
        page = desk.post(f"{PAPER}imprimer/", {"sheets": wrong}, follow=True).text
        assert "Demandez entre 1 et 200" in page
    assert PaperRun.objects.count() == 1


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, "PNG")
    return SimpleUploadedFile("feuille.svg", out.getvalue(), content_type="image/svg+xml")


@pytest.fixture
def private(settings: object, tmp_path: Path) -> Path:
    settings.PRIVATE_ROOT = tmp_path / "private"  # type: ignore[attr-defined]
    return tmp_path / "private" / "scans"


@pytest.mark.django_db(transaction=True)
def test_a_scan_is_kept_where_it_cannot_run_and_deleted_with_its_sheet(
    desk: Client, lilas: Petition, hugo: User, private: Path
) -> None:
    sheet = enter_sheet(petition=lilas, number=1, lines=lines(1), by=hugo, now=timezone.now())
    address = f"{PAPER}feuilles/{sheet.pk}/scan/"
    assert desk.get(address).status_code == 404
    desk.post(f"{address}deposer/", {"scan": picture()})
    response = desk.get(address)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(response.streaming_content)[:3] == b"\xff\xd8\xff"  # type: ignore[attr-defined]
    pdf = SimpleUploadedFile("x.pdf", b"%PDF-1.7\n...", content_type="text/html")
    desk.post(f"{address}deposer/", {"scan": pdf})
    response = desk.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert len(list(private.iterdir())) == 1
    desk.post(f"{PAPER}feuilles/{sheet.pk}/retirer/")
    assert list(private.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"<svg/>", b"<html>", b"", b"GIF89a", b"%PDF-" + bytes(9 << 20)]
)
def test_what_is_no_scan_is_refused(
    content: bytes, desk: Client, lilas: Petition, hugo: User, private: Path
) -> None:
    sheet = enter_sheet(petition=lilas, number=1, lines=lines(1), by=hugo, now=timezone.now())
    sent = SimpleUploadedFile("x.pdf", content, content_type="application/pdf")
    address = f"{PAPER}feuilles/{sheet.pk}/scan/deposer/"
    page = desk.post(address, {"scan": sent}, follow=True).text
    assert "Image JPEG, PNG ou WebP, ou PDF" in page
    assert not private.exists()


def test_only_who_sees_names_comes_here(seat: SeatedAt, olga: User, lilas: Petition) -> None:
    assert seat(olga).get(PAPER).status_code == 403


def test_the_list_takes_as_many_queries_for_one_as_for_three(
    desk: Client, lilas: Petition, hugo: User
) -> None:
    counts = []
    for n in (1, 2, 3):
        now = timezone.now() + timedelta(seconds=n)
        enter_sheet(petition=lilas, number=n, lines=lines(2, first=9 * n), by=hugo, now=now)
        with CaptureQueriesContext(connection) as queries:
            desk.get(PAPER)
        counts.append(len(queries))
    assert counts[0] == counts[2] <= 13


def test_before_the_first_sheet_the_page_says_what_to_do(desk: Client) -> None:
    page = desk.get(PAPER).text
    assert "Aucune feuille n’est encore revenue." in page
    assert "affiche.pdf?format=a3" in page
