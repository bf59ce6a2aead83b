"""The form on another site, in Chromium: a second origin, a strict policy, with and without script
(P25, P60), and the proof of work done by a real browser (P67)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from tests.faults.conftest import SLUG, Whole, whole
from tests.neighbour import Neighbour
from tests.prepared import Prepared
from tests.running import wait_for

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
PLAIN = (
    '<iframe src="{levier}/integrer/{slug}/?site=SITE" title="Signer" width="100%" height="1200">'
    "</iframe>"
)


@pytest.fixture(scope="module")
def levier(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[Whole]:
    with whole(prepared(tmp_path_factory.mktemp("embed"))) as found:
        yield found


@pytest.fixture
def neighbour(levier: Whole) -> Iterator[Neighbour]:
    site = Neighbour(levier.site.address, SLUG)
    yield site
    site.server.shutdown()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open a page; what the browser complains of fails the test, and so does any cookie."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(address: str, *, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.extend([said.text] * (said.type == "error")))
        page.goto(address)
        return page

    yield opened
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert cookies == []
    assert [said for said in complaints if "status of 422" not in said] == []


def fill(frame: FrameLocator | Page, n: int, **more: str) -> None:
    typed = {"first_name": "Zoé", "last_name": "Marchand", "postal_code": "35000", **more}
    for name, value in {"email": f"zoe{n}@exemple.fr", **typed}.items():
        frame.locator(f"#{name}").fill(value)


def send(frame: FrameLocator | Page) -> None:
    frame.get_by_role("button", name="Signer la pétition").click()


def signature(levier: Whole, n: int) -> tuple[Any, ...]:
    """source, source_code, state, reason of somebody's signature."""
    rows = levier.rows(
        "SELECT s.source, s.source_code, s.state, s.reason FROM levier_signature s"
        " JOIN levier_contactpoint c ON c.id = s.contact_point_id WHERE c.canonical = %s",
        f"zoe{n}@exemple.fr",
    )
    assert len(rows) == 1
    return rows[0]


def height(page: Page) -> int:
    return int(page.locator("iframe").first.get_attribute("height") or 0)


def inner_height(page: Page) -> int:
    return int(page.frames[1].evaluate("document.documentElement.offsetHeight"))


@pytest.mark.parametrize("width", [1280, 390])
def test_P60_signs_on_a_site_with_a_strict_policy(
    levier: Whole, neighbour: Neighbour, visit: Visit, width: int
) -> None:
    address = neighbour.page("/", neighbour.script())
    page = visit(address, width=width)
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda asked: elsewhere.extend(
            [asked.url] * (not asked.url.startswith((neighbour.levier, f"http://{neighbour.host}")))
        ),
    )
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("piste cyclable")
    wait_for(lambda: height(page) == inner_height(page) or None, "the frame at its height")
    fill(frame, width)
    send(frame)
    expect(frame.locator("#merci")).to_contain_text("personne à signer")
    assert page.url == address
    assert elsewhere == []
    assert signature(levier, width) == ("embed", neighbour.host, "counted", "")
    wait_for(lambda: height(page) == inner_height(page) or None, "the thanks at their height")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_P60_a_refused_form_stays_in_the_frame_and_grows(
    neighbour: Neighbour, visit: Visit
) -> None:
    page = visit(neighbour.page("/", neighbour.script()))
    frame = page.frame_locator("iframe")
    fill(frame, 2, email="zoe@exemple", comment="Pour que ma fille y passe.")
    wait_for(lambda: height(page) == inner_height(page) or None, "the frame at its height")
    before = height(page)
    send(frame)
    expect(frame.locator("#resume")).to_be_focused()
    assert frame.locator("#comment").input_value() == "Pour que ma fille y passe."
    wait_for(lambda: height(page) > before or None, "the frame grown")


def test_P60_several_forms_on_a_page_keep_their_heights_and_colours(
    neighbour: Neighbour, visit: Visit
) -> None:
    codes = (neighbour.script('data-accent="vert"'), neighbour.script('data-fond="sombre"'))
    page = visit(neighbour.page("/deux", *codes))
    expect(page.locator("iframe")).to_have_count(2)
    for frame in page.locator("iframe").all():
        frame.scroll_into_view_if_needed()
    first, second = (page.frame_locator("iframe").nth(n) for n in (0, 1))
    expect(first.locator("html")).to_have_attribute("data-accent", "vert")
    expect(second.locator("html")).to_have_attribute("data-fond", "sombre")


def test_P60_only_the_frame_says_its_height(neighbour: Neighbour, visit: Visit) -> None:
    page = visit(neighbour.page("/", neighbour.script()))
    expect(page.frame_locator("iframe").locator("#email")).to_be_visible()
    wait_for(lambda: height(page) == inner_height(page) or None, "the frame at its height")
    before = height(page)
    page.evaluate("window.postMessage({levier: 'height', height: 7000}, '*')")
    page.evaluate("frames[0].postMessage({levier: 'hello'}, '*')")
    page.wait_for_timeout(200)
    assert height(page) == before


def test_P60_keeps_who_brought_the_visitor(neighbour: Neighbour, visit: Visit) -> None:
    address = neighbour.page("/", neighbour.script())
    page = visit(f"{address}?ref=abcd2345&utm_source=lettre")
    found = page.frame_locator("iframe").locator("input[name=ref]")
    expect(found).to_have_value("abcd2345")


def test_P60_the_browser_says_where_the_frame_stands(
    levier: Whole, neighbour: Neighbour, visit: Visit
) -> None:
    code = PLAIN.replace("SITE", "menteur.example")
    page = visit(neighbour.page("/plain", code))
    frame = page.frame_locator("iframe")
    fill(frame, 3)
    send(frame)
    expect(frame.locator("#merci")).to_be_visible()
    assert signature(levier, 3) == ("embed", neighbour.host, "counted", "")


def test_P25_a_plain_frame_works_without_script(
    levier: Whole, neighbour: Neighbour, visit: Visit
) -> None:
    code = PLAIN.replace("SITE", "valmont.example")
    address = neighbour.page("/plain", code)
    page = visit(address, java_script_enabled=False)
    frame = page.frame_locator("iframe")
    fill(frame, 4)
    frame.locator("#consent_updates").check()
    send(frame)
    expect(frame.locator("#merci")).to_contain_text("personne à signer")
    assert page.url == address
    assert signature(levier, 4) == ("embed", "valmont.example", "counted", "")


def test_signs_in_the_frame_with_the_keyboard_alone(
    levier: Whole, neighbour: Neighbour, visit: Visit
) -> None:
    page = visit(neighbour.page("/", neighbour.script()))
    frame = page.frame_locator("iframe")
    fill(frame, 5)
    frame.locator("#first_name").focus()
    focused = ""
    for _ in range(15):
        page.keyboard.press("Tab")
        focused = str(page.frames[1].evaluate("document.activeElement.textContent.trim()"))
        if focused == "Signer la pétition":
            break
    page.keyboard.press("Enter")
    expect(frame.locator("#merci")).to_be_visible()
    assert signature(levier, 5)[0] == "embed"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("fond", ["clair", "sombre"])
def test_axe_finds_nothing_in_the_frame(levier: Whole, visit: Visit, width: int, fond: str) -> None:
    page = visit(f"{levier.site.address}/integrer/{SLUG}/?fond={fond}&accent=brique", width=width)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    fill(page, 6 + width, email="zoe@exemple")
    send(page)
    expect(page.locator("#resume")).to_be_focused()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def switch(levier: Whole, kind: str, *, thrown: bool) -> None:
    levier.run(
        "shell",
        "-c",
        "from django.utils import timezone\n"
        "from levier.gathering.petitions.actions.switching import set_switch\n"
        f"set_switch(kind={kind!r}, petition=None, thrown={thrown}, "
        "sentence='Des robots essaient de signer.', by=None, now=timezone.now())",
    )


@pytest.fixture
def captcha(levier: Whole) -> Iterator[None]:
    switch(levier, "captcha", thrown=True)
    yield
    switch(levier, "captcha", thrown=False)


def asks(page: Page) -> bool:
    """Whether the page kept a few seconds was made anew and asks for a proof."""
    page.reload()
    return page.locator("[data-proof]").count() == 1


@pytest.mark.usefixtures("captcha")
def test_P67_a_browser_proves_and_is_counted(levier: Whole, visit: Visit) -> None:
    page = visit(f"{levier.site.address}/petitions/{SLUG}/")
    fill(page, 20, email="zoe@exemple")
    send(page)
    expect(page.locator("#resume")).to_be_visible()
    assert page.locator("#first_name").input_value() == "Zoé"
    expect(page.locator("[data-proof-says]")).to_contain_text("Vérification faite", timeout=60_000)
    assert len(page.locator("input[name=altcha]").input_value()) > 100
    page.locator("#email").fill("zoe20@exemple.fr")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vous êtes", timeout=60_000)
    assert signature(levier, 20) == ("web", "", "counted", "")


@pytest.mark.usefixtures("captcha")
def test_P67_asked_of_everybody_the_frame_proves_too(
    levier: Whole, neighbour: Neighbour, visit: Visit
) -> None:
    page = visit(neighbour.page("/", neighbour.script()))
    wait_for(lambda: _frame_asks(page) or None, "the frame asks", 30)
    frame = page.frame_locator("iframe")
    fill(frame, 21)
    send(frame)  # before the end of the work: it waits
    expect(frame.locator("#merci")).to_contain_text("Vous êtes", timeout=60_000)
    assert signature(levier, 21) == ("embed", neighbour.host, "counted", "")


def _frame_asks(page: Page) -> bool:
    page.reload()
    expect(page.frame_locator("iframe").locator("#email")).to_be_visible()
    return page.frame_locator("iframe").locator("[data-proof]").count() == 1


@pytest.mark.usefixtures("captcha")
def test_P67_without_script_the_owner_s_mail_answers(levier: Whole, visit: Visit) -> None:
    page = visit(f"{levier.site.address}/petitions/{SLUG}/", java_script_enabled=False)
    wait_for(lambda: asks(page) or None, "the page asks", 30)
    expect(page.locator(".proof")).to_contain_text("Des robots essaient de signer.")
    expect(page.locator(".proof")).to_contain_text("confirmée par courriel")
    fill(page, 22)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vous êtes")
    assert signature(levier, 22) == ("web", "", "held", "captcha")


def test_P60_a_site_that_is_not_listed_shows_nothing(
    levier: Whole, neighbour: Neighbour, visit: Visit
) -> None:
    add = (
        "from django.utils import timezone\n"
        "from levier.gathering.petitions.models.embed_site import EmbedSite\n"
        "from levier.gathering.petitions.models.petition import Petition\n"
        "EmbedSite.objects.create(petition=Petition.objects.get(), origin={!r}, "
        "added_at=timezone.now())"
    )
    levier.run("shell", "-c", add.format("https://valmont.example"))
    try:
        page = visit(f"{levier.site.address}/accessibilite/")  # the browser's complaint is awaited
        context = page.context.browser.new_context() if page.context.browser else page.context
        stranger = context.new_page()
        stranger.goto(neighbour.page("/", neighbour.script(f'data-site="x{neighbour.host}"')))
        stranger.wait_for_timeout(1_500)
        assert stranger.frames[1].url.startswith("chrome-error:")
        context.close()
        levier.run("shell", "-c", add.format(f"http://{neighbour.host}"))
        welcome = visit(neighbour.page("/", neighbour.script()))
        wait_for(lambda: _shown(welcome) or None, "the frame on a listed site", 30)
        fill(welcome.frame_locator("iframe"), 30)
        send(welcome.frame_locator("iframe"))
        expect(welcome.frame_locator("iframe").locator("#merci")).to_be_visible()
        assert signature(levier, 30)[:2] == ("embed", neighbour.host)
    finally:
        levier.run(
            "shell",
            "-c",
            "from levier.gathering.petitions.models.embed_site import EmbedSite\n"
            "EmbedSite.objects.all().delete()",
        )


def _shown(page: Page) -> bool:
    page.reload()
    page.wait_for_timeout(500)
    return page.frame_locator("iframe").locator("#email").count() == 1
