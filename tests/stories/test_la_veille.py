"""« La veille du rendez-vous »: news written, read by a second person, sent to fifty thousand
people while their sender is killed twice, and answered. Real processes, SMTP, Chromium."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.counting_sink import CountingSink
from tests.faults.conftest import SEED, Whole
from tests.prepared import Prepared, levier
from tests.running import running, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NARROW = "\u202f"
MANY, REFUSING, DEAD = 50_000, 900, 100
CONNECTIONS = 8
SLUG = "piste-cyclable-rue-des-lilas"
PETITION = f"/petitions/{SLUG}/"
DESK = f"/tableau-de-bord{PETITION}mises-a-jour/"
BODY = "Demain à 14 h, à la mairie. **Nous y portons vos mots.**"
TITLE = "Mme Diallo nous reçoit demain"
MINE = "Dites-lui que ma fille a six ans, et qu’elle a peur de cette rue."
PATIENCE = 240  # seconds; never a measure of speed
TEAM = f"""{SEED}
from levier.foundation.accounts.enums import Role
make_user("hugo@valmont.example", "Hugo Marchal", valmont, Role.CAMPAIGNER)
from levier.foundation.campaigns.models import Campaign
Campaign.objects.update(reviews_updates=True, own=["reviews_updates"])
"""
CROWD = f"""
WITH made AS (
    INSERT INTO levier_person (organisation_id, uuid, first_name, last_name, honorific, postcode,
        country, language, time_zone, created_at)
    SELECT 1, gen_random_uuid(), 'Camille', 'Roche', '', '35000', 'FR', '', '', now()
    FROM generate_series(1, {MANY + REFUSING + DEAD}) RETURNING id
), numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM made
), point AS (
    INSERT INTO levier_contactpoint (organisation_id, person_id, channel, typed, canonical, state,
        state_reason, created_at)
    SELECT 1, id, 'email', 'p' || n || '@d' || n % 7 || '.example',
        'p' || n || '@d' || n % 7 || '.example',
        CASE WHEN n > {MANY + REFUSING} THEN 'hard' ELSE 'ok' END, '', now()
    FROM numbered RETURNING id, person_id
), agreed AS (
    INSERT INTO levier_consentstate (person_id, channel, purpose, scope, given, at)
    SELECT id, 'email', 'petition_news', 'petition:1', true, now() FROM numbered
    WHERE n <= {MANY} OR n > {MANY + REFUSING}
)
INSERT INTO levier_signature (petition_id, version_id, person_id, contact_point_id, number, state,
    first_name, last_name, postcode, country, show_name, source, source_code, signed_at, reason)
SELECT 1, (SELECT version_id FROM levier_petition WHERE id = 1), n.id, p.id, n.n, 'counted',
    'Camille', 'Roche', '35000', 'FR', false, 'web', '', '2026-03-03', ''
FROM numbered AS n JOIN point AS p ON p.person_id = n.id;
UPDATE levier_tally SET last_number = {MANY + REFUSING + DEAD}, counted = last_number;
ANALYZE;
"""


@dataclass
class Eve:
    """A Levier with its crowd, its team and its mail."""

    whole: Whole
    sink: CountingSink

    @property
    def address(self) -> str:
        return self.whole.site.address

    def counts(self) -> dict[str, int]:
        """The news's mails by state, from the rows themselves."""
        found = self.whole.rows(
            "SELECT state, count(*) FROM levier_delivery WHERE lane = 'bulk' GROUP BY state"
        )
        return {str(state): int(n) for state, n in found}

    def news_mails(self) -> dict[str, int]:
        return {to: n for to, n in list(self.sink.received.items()) if to.startswith("p")}


@pytest.fixture(scope="module")
def eve(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[Eve]:
    data = prepared(tmp_path_factory.mktemp("veille"))
    levier(data, "shell", "-c", TEAM)
    few = re.compile(r"p(?:[1-9])@d\d\.example|.*@(?:valmont|courriel)\.example")
    options = {"LEVIER_SMTP_CONNECTIONS": str(CONNECTIONS), "LEVIER_RATE_LIMITS": "off"}
    with CountingSink(lambda to: bool(few.fullmatch(to))) as sink:
        mail = f"smtp://127.0.0.1:{sink.port}"
        with running("up", data, LEVIER_EMAIL_URL=mail, **options) as (console, site):
            console.says("le site répond")
            found = Eve(Whole(console, site, sink), sink)  # type: ignore[arg-type]
            with psycopg.connect(found.whole.database_url) as database:
                database.execute(CROWD)
            yield found


def signed_in(eve: Eve, browser: Browser, name: str) -> BrowserContext:
    context = browser.new_context(locale="fr-FR", base_url=eve.address)
    page = context.new_page()
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(f"{name}@valmont.example")
    page.get_by_label("Mot de passe").fill("demonstration")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/tableau-de-bord/")
    page.close()
    return context


@pytest.fixture(scope="module")
def hugo(eve: Eve, browser: Browser) -> Iterator[BrowserContext]:
    context = signed_in(eve, browser, "hugo")
    yield context
    context.close()


@pytest.fixture(scope="module")
def aicha(eve: Eve, browser: Browser) -> Iterator[BrowserContext]:
    context = signed_in(eve, browser, "aicha")
    yield context
    context.close()


def shown(n: int) -> str:
    return f"{n:,}".replace(",", NARROW)


def link_in(mail: EmailMessage, path: str) -> str:
    """The path of the first address of that kind in the text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(re.escape(path) + r"[^\s\"'>]+", body.get_content())
    assert found, body.get_content()
    return found[0]


def mail_to(eve: Eve, address: str, words: str) -> EmailMessage:
    def look() -> EmailMessage | None:
        mails = (m for m in eve.sink.mails_to(address) if words in str(m["Subject"]))
        return next(mails, None)

    return wait_for(look, f"a mail to {address} about {words}", 60)


def test_1_hugo_writes_and_cannot_publish_alone(
    hugo: BrowserContext, eve: Eve, tmp_path: Path
) -> None:
    picture = tmp_path / "rue.png"
    Image.new("RGB", (1200, 800), (60, 110, 90)).save(picture)
    page = hugo.new_page()
    page.goto(f"/tableau-de-bord{PETITION}")
    page.get_by_role("link", name="Mises à jour").first.click()
    page.get_by_role("link", name="Publier une mise à jour").first.click()
    page.get_by_role("radio", name=re.compile("Rendez-vous demandé et obtenu")).check()
    page.get_by_role("button", name="Écrire la nouvelle").click()
    page.get_by_role("textbox", name="Titre", exact=True).fill(TITLE)
    page.get_by_role("textbox", name="La nouvelle").fill(BODY)
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_label("Ce que montre l’image").fill("La rue des Lilas au petit matin.")
    page.get_by_role("button", name="5. Relire et publier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("button", name="Publier", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Demander la publication").click()
    expect(page.get_by_text("C’est demandé")).to_be_visible()
    page.close()
    mail_to(eve, "aicha@valmont.example", TITLE)


def test_2_aicha_reads_approves_and_publishes(aicha: BrowserContext, eve: Eve) -> None:
    page = aicha.new_page()
    page.goto(link_in(mail_to(eve, "aicha@valmont.example", TITLE), DESK))
    page.get_by_role("button", name="Approuver").click()
    counted = page.get_by_role("region", name="Qui la recevra")
    expect(counted).to_contain_text(shown(MANY))
    expect(counted).to_contain_text(shown(REFUSING))
    expect(counted).to_contain_text(shown(DEAD))
    page.get_by_role("button", name="Publier", exact=True).click()
    page.get_by_role("button", name=f"Publier et envoyer à {shown(MANY)} personnes").click()
    expect(page.get_by_text("C’est publié")).to_be_visible()
    page.close()


def test_3_its_sender_is_killed_twice_and_nobody_is_lost_or_written_to_twice(
    aicha: BrowserContext, eve: Eve
) -> None:
    for mark in (MANY // 5, MANY // 2):
        wait_for(lambda: len(eve.sink.received) >= mark, f"{mark} mails", PATIENCE)  # noqa: B023
        eve.whole.kill("worker")
    signature = {
        "first_name": "Ousmane",
        "last_name": "Bâ",
        "email": "ousmane@courriel.example",
        "postal_code": "35000",
    }
    wait_for(lambda: len(eve.sink.received) >= MANY // 2 + 500, "the sender back", PATIENCE)
    assert eve.whole.site.ask("POST", f"{PETITION}signer/", signature).status == 303
    wait_for(lambda: eve.sink.received["ousmane@courriel.example"], "his thank-you", 30)
    before = eve.counts()

    def over() -> bool:
        return not {"queued", "claimed"} & eve.counts().keys()

    wait_for(over, "everything sent", PATIENCE)
    counts, received = eve.counts(), eve.news_mails()
    assert sum(counts.values()) == MANY == sum(before.values())
    assert set(counts) <= {"handed", "unknown"}
    assert [to for to, n in received.items() if n > 1] == []
    assert counts["handed"] <= len(received) <= MANY
    assert counts.get("unknown", 0) <= 2 * CONNECTIONS
    assert eve.sink.received["ousmane@courriel.example"] == 1

    page = aicha.new_page()
    page.goto(DESK)
    wait_for(lambda: _finished(eve), "the update finished", 90)
    page.goto(f"{DESK}1/envoi/")
    expect(page.get_by_role("table")).to_contain_text(shown(MANY))
    expect(page.get_by_role("table")).to_contain_text(shown(counts["handed"]))
    page.close()
    mail_to(eve, "hugo@valmont.example", TITLE)


def _finished(eve: Eve) -> bool:
    return eve.whole.rows("SELECT state FROM levier_update WHERE n = 1") == [("sent",)]


def test_4_people_answer_and_a_scanner_does_not(browser: Browser, eve: Eve) -> None:
    links = {
        n: link_in(mail_to(eve, f"p{n}@d{n % 7}.example", TITLE), f"{PETITION}mises-a-jour/1/")
        for n in (1, 2, 3)
    }
    for link in links.values():  # what a mail filter does
        assert eve.whole.site.ask("GET", link).status == 200
    assert eve.whole.rows("SELECT started, done FROM levier_ask WHERE update_id = 1") == [(0, 0)]
    for n in (1, 2):
        context = browser.new_context(locale="fr-FR", base_url=eve.address)
        page = context.new_page()
        page.goto(links[n])
        page.get_by_role("textbox").first.fill(MINE if n == 1 else "Courage !")
        _tick_page(page)
        page.locator("#repondre").get_by_role("button").first.click()
        page.wait_for_url("**/merci/**")
        assert context.cookies() == []
        context.close()
    assert eve.whole.rows("SELECT done FROM levier_ask WHERE update_id = 1") == [(2,)]
    unsubscribe = str(mail_to(eve, "p3@d3.example", TITLE)["List-Unsubscribe"])
    path = re.search(r"<https?://[^/]+(/[^>]+)>", unsubscribe)
    assert path, unsubscribe
    one_click = {"List-Unsubscribe": "One-Click"}
    assert eve.whole.site.ask("POST", path[1], one_click).status == 200


def _tick_page(page: Page) -> None:
    for box in page.locator("#repondre").get_by_role("checkbox").all():
        box.check()


def test_5_the_team_reads_keeps_and_sees_what_it_brought(
    aicha: BrowserContext, eve: Eve, browser: Browser
) -> None:
    page = aicha.new_page()
    page.goto(f"{DESK}1/reponses/")
    words = page.locator("blockquote", has_text="ma fille a six ans")
    words.get_by_role("button", name="Garder", exact=True).click()
    page.goto(f"{DESK}1/resultats/")
    main = page.get_by_role("main")
    expect(main).to_contain_text(shown(MANY))
    expect(main).to_contain_text(re.compile(r"désabonn", re.IGNORECASE))
    assert eve.whole.rows("SELECT unsubscribed FROM levier_message WHERE lane = 'bulk'") == [(1,)]
    page.close()
    visitor = browser.new_context(locale="fr-FR", base_url=eve.address).new_page()
    visitor.goto(f"{PETITION}mises-a-jour/1/")
    expect(visitor.get_by_role("main")).to_contain_text("ma fille a six ans")
    expect(visitor.get_by_role("main")).not_to_contain_text("Courage")
    visitor.context.close()


def test_6_a_second_one_the_same_day_is_refused_and_kept(hugo: BrowserContext) -> None:
    page = hugo.new_page()
    page.goto(DESK)
    expect(page.get_by_role("main")).to_contain_text("Prochaine mise à jour possible")
    page.close()
