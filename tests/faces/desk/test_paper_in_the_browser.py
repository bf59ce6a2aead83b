"""Paper, press and sharing at the desk in Chromium: wide, narrow, by keyboard, seen by axe."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.paper import PaperSheet
from tests.cast import make_signature

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LILAS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"
PAGES = ["papier/", "papier/saisir/", "papier/coller/", "dossier/", "partage/", "presse/"]


@pytest.fixture(params=[1280, 390])
def desk(
    browser: Browser,
    request: pytest.FixtureRequest,
    live_server: object,
    lilas: Petition,
    aicha: User,
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": request.param, "height": 900}, base_url=str(live_server)
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto("/connexion/")
    page.fill("[name=login]", aicha.email)
    page.fill("[name=password]", "demonstration")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tableau-de-bord/**")
    yield page
    context.close()


def check(page: Page) -> None:
    """Nothing for axe to say, nothing wider than the screen."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


def test_a_sheet_is_typed_with_the_keyboard_alone(desk: Page, lilas: Petition) -> None:
    desk.goto(f"{LILAS}papier/saisir/")
    check(desk)
    # The number has the focus; then each line from left to right.
    for typed in ("12", "Le Goff", "Jeanne", "jeanne@exemple.fr", "35000"):
        desk.keyboard.type(typed)
        desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    for typed in ("", "O’Neil", "", "zoe@"):
        desk.keyboard.type(typed)
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Le reste est enregistré")
    check(desk)
    expect(desk.get_by_label("Courriel, ligne 2")).to_have_value("zoe@")
    desk.get_by_role("link", name="Ligne 2").first.click()
    desk.get_by_label("Prénom, ligne 2").fill("Zoé")
    desk.get_by_label("Courriel, ligne 2").fill("")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("2 signatures comptées.")).to_be_visible()
    check(desk)
    assert PaperSheet.objects.get().counted == 2


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_sound_with_something_in_them(path: str, desk: Page, lilas: Petition) -> None:
    make_signature(lilas)
    desk.goto(f"{LILAS}{path}")
    check(desk)


def test_what_is_pasted_wrong_stays_in_the_box(desk: Page, lilas: Petition) -> None:
    desk.goto(f"{LILAS}papier/coller/")
    desk.get_by_label("Lignes").fill("feuille;nom;prénom\n7;Bâ;Inès\n7;;Paul")
    desk.get_by_role("button", name="Enregistrer les lignes").click()
    expect(desk.get_by_label("Lignes")).to_have_value("feuille;nom;prénom\n7;;Paul")
    check(desk)
