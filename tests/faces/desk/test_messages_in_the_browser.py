"""The desk of messages in Chromium: wide and narrow, with the keyboard, under axe's eye."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.messaging.enums import DeliveryState, Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import Purpose
from tests.foundation.messaging.conftest import make_delivery, make_message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = "/tableau-de-bord/messages/"
PAGES = ["", "delivrabilite/", "inconnus/", "modeles/", "modeles/signing/thanks/?personne=marie"]


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, request: pytest.FixtureRequest, live_server: object) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": request.param, "height": 900}, base_url=str(live_server)
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def lost(valmont: Organisation, now: datetime) -> Delivery:
    Organisation.objects.update(sender_email="bonjour@valmontavelo.fr")
    row = make_delivery(make_message(valmont, Lane.BULK, Purpose.ORG_NEWS))
    Delivery.objects.update(state=DeliveryState.UNKNOWN, finished_at=now, last_reply="perdu")
    return row


def enter(page: Page, email: str) -> None:
    page.goto("/connexion/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", "demonstration")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/tableau-de-bord/**")


def test_every_page_is_whole_and_axe_finds_nothing(page: Page, lost: Delivery, hugo: User) -> None:
    enter(page, "hugo@valmont.example")
    for name in PAGES:
        page.goto(DESK + name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert Axe().run(page).response["violations"] == [], name


def test_a_mail_is_seen_through_somebody_s_eyes_and_a_lost_one_is_decided_by_keyboard(
    page: Page, lost: Delivery, hugo: User
) -> None:
    enter(page, "hugo@valmont.example")
    page.goto(f"{DESK}modeles/signing/my_link/")
    page.get_by_role("link", name="Li, sans prénom").press("Enter")
    frame = page.frame_locator("iframe").first
    expect(frame.locator("h1")).to_have_text("Bonjour,")
    page.goto(f"{DESK}inconnus/")
    page.get_by_role("button", name="Considérer comme envoyé").press("Enter")
    expect(page.get_by_text("Aucun message n’est dans ce cas.")).to_be_visible()
    lost.refresh_from_db()
    assert lost.state == DeliveryState.HANDED
