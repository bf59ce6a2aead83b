"""The petition's page as it is used: keyboard alone, without JavaScript, with a moving count."""

import pytest
from playwright.sync_api import Page, Request, expect

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.tally import Tally
from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/petitions/piste-cyclable-rue-des-lilas/"
COUNT = "#decompte .tally__count"


def count(**figures: int) -> None:
    Tally.objects.update(last_number=figures["counted"], **figures)


def counts_asked(page: Page) -> list[str]:
    """A list that grows with each time the page asks for the count."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/decompte/"):
            asked.append(request.url)

    page.on("request", note)
    return asked


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
    )


def test_signs_with_the_keyboard_alone(open_page: OpenPage, lilas: Petition) -> None:
    page = open_page(PAGE)
    page.keyboard.press("Tab")
    assert focused(page) == "Aller au contenu"
    expect(page.locator(".skip")).to_be_in_viewport()
    page.locator("#first_name").focus()
    walked = [focused(page)]
    while walked[-1] != "Signer la pétition":
        page.keyboard.press("Tab")
        walked.append(focused(page))
        assert len(walked) < 20
    assert walked == [
        *("first_name", "last_name", "email", "postal_code", "country", "comment"),
        *("consent_updates", "consent_org_news", "show_name", "Signer la pétition"),
    ]


def test_the_trap_is_seen_by_nobody(open_page: OpenPage, lilas: Petition) -> None:
    page = open_page(PAGE)
    assert page.get_by_role("textbox", name="Laissez ce champ vide").count() == 0
    expect(page.locator("#website")).to_have_count(1)
    expect(page.locator("#website")).not_to_be_in_viewport()


def test_P25_a_refused_form_keeps_what_was_typed_without_JavaScript(
    open_page: OpenPage, lilas: Petition
) -> None:
    page = open_page(f"{PAGE}?ref=abcd2345", java_script_enabled=False)
    page.fill("#first_name", "Zoé")
    page.fill("#last_name", "d’Ormesson")
    page.fill("#email", "zoe@exemple.fr")
    page.fill("#postal_code", "35000")
    page.fill("#comment", "Pour que ma fille\npasse par là.")
    page.check("#consent_updates")
    page.get_by_role("button", name="Signer la pétition").click()
    expect(page.locator("#resume")).to_contain_text("votre texte est gardé dans cette page")
    assert page.input_value("#first_name") == "Zoé"
    assert page.input_value("#last_name") == "d’Ormesson"
    assert page.input_value("#comment") == "Pour que ma fille\npasse par là."
    assert page.is_checked("#consent_updates")
    assert not page.is_checked("#consent_org_news")
    assert page.input_value("input[name=ref]") == "abcd2345"
    assert page.locator("[data-copy]:visible").count() == 0


def test_a_refusal_is_where_the_reader_lands(open_page: OpenPage, lilas: Petition) -> None:
    page = open_page(PAGE)
    for name, value in {"first_name": "Zoé", "last_name": "O", "email": "z@exemple.fr"}.items():
        page.fill(f"#{name}", value)
    page.fill("#postal_code", "35000")
    page.get_by_role("button", name="Signer la pétition").click()
    expect(page.locator("#resume")).to_be_focused()


def test_P38_the_count_moves_and_is_said_politely(open_page: OpenPage, lilas: Petition) -> None:
    count(counted=35657, confirmed=1)
    page = open_page("/accessibilite/")
    page.clock.install()
    page.route("**/decompte/", lambda route: route.continue_())  # past the browser's own cache
    page.goto(PAGE)
    expect(page.locator(COUNT)).to_contain_text("35\u202f657")
    assert page.locator("#decompte progress").get_attribute("max") == "50000"
    count(counted=46443, confirmed=38120)
    page.clock.run_for(11_000)
    expect(page.locator(COUNT)).to_contain_text("46\u202f443")
    assert page.locator("#decompte progress").get_attribute("value") == "46443"
    expect(page.locator("#decompte-barre")).to_contain_text("46\u202f443 signatures")
    expect(page.locator("#annonce")).to_contain_text("46 443")
    count(counted=46444, confirmed=38120)
    page.clock.run_for(11_000)
    expect(page.locator(COUNT)).to_contain_text("46\u202f444")
    expect(page.locator("#annonce")).not_to_contain_text("46 444")  # at most once a minute
    count(counted=46445, confirmed=38120)
    page.clock.run_for(50_000)
    expect(page.locator("#annonce")).to_contain_text("46 445")


def test_P38_asks_less_often_while_it_fails_and_comes_back(
    open_page: OpenPage, lilas: Petition
) -> None:
    count(counted=10)
    page = open_page("/accessibilite/")
    page.clock.install()
    asked = counts_asked(page)
    page.route("**/decompte/", lambda route: route.fulfill(status=200, body="x"))
    page.goto(PAGE)
    page.unroute("**/decompte/")
    page.route("**/decompte/", lambda route: route.fulfill(status=404, body=""))
    for seconds, times in ((11, 1), (11, 1), (11, 2), (25, 2), (17, 3)):
        page.clock.run_for(seconds * 1000)
        page.wait_for_timeout(0)
        expect(page.locator(COUNT)).to_contain_text("10 signatures")
        assert len(asked) == times, (seconds, asked)
    page.unroute("**/decompte/")
    count(counted=20)
    page.clock.run_for(81_000)
    expect(page.locator(COUNT)).to_contain_text("20 signatures")


def test_P38_stops_when_nobody_looks(open_page: OpenPage, lilas: Petition) -> None:
    count(counted=10)
    page = open_page("/accessibilite/")
    page.clock.install()
    page.goto(PAGE)
    asked = counts_asked(page)
    hide = """hidden => {
        Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    page.clock.run_for(120_000)
    assert asked == []
    count(counted=30)
    page.evaluate(hide, False)
    expect(page.locator(COUNT)).to_contain_text("30 signatures")


def test_copies_the_address(open_page: OpenPage, lilas: Petition, site: str) -> None:
    page = open_page(PAGE, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier").click()
    expect(page.get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}{PAGE}"


def test_shares_by_the_telephone_s_own_menu(
    open_page: OpenPage, lilas: Petition, site: str
) -> None:
    page = open_page("/accessibilite/")
    assert page.locator("[data-web-share]:visible").count() == 0
    page.add_init_script(
        "navigator.share = what => { window.shared = what; return Promise.resolve(); }"
    )
    page.goto(PAGE)
    page.get_by_role("button", name="Partager").click()
    assert page.evaluate("window.shared") == {
        "title": "Une piste cyclable rue des Lilas",
        "url": f"{site}{PAGE}",
    }
