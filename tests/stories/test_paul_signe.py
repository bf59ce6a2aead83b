"""« Paul signe »: the demonstration played whole, then a visitor through Chromium and SMTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.running import Mail, Running, Site, mails_in, running, wait_for

PETITION = "/petitions/piste-cyclable-rue-des-lilas/"
COUNT = f"{PETITION}compteur.json"
CAMILLE = "camille.roche@courriel.example"
NARROW = "\u202f"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[tuple[Running, Site]]:
    """The demonstration, played and still running."""
    with running("demo", folder) as (console, site):
        console.says("Le bureau", seconds=240)
        yield console, site


def mail_to(site: Site, address: str, words: str = "") -> Mail:
    def look() -> Mail | None:
        mails = mails_in(site.data / "courrier.jsonl")
        return next((m for m in mails if address in m.to and words in m.subject), None)

    return wait_for(look, f"a mail to {address}", seconds=20)


def test_the_demo_tells_each_step_of_the_main_job(demo: tuple[Running, Site]) -> None:
    console, site = demo
    told = console.console
    assert f"compte 8{NARROW}685 signatures" in told
    assert f"Vous êtes la 8{NARROW}686e personne à signer" in told
    assert "Il est remercié par courriel" in told
    assert f"Le décompte passe à 8{NARROW}686 signatures" in told
    assert "aicha@valmont.example" in told
    assert site.ask("GET", "/petitions/liberez-la-parole/compteur.json").json["signatures"] == 8_686
    assert "8 686" in mail_to(site, "paul.tremblay@courriel.example").text.replace(NARROW, " ")


def test_a_visitor_signs_is_thanked_shares_and_confirms(
    demo: tuple[Running, Site], browser: Browser
) -> None:
    _, site = demo
    before = site.ask("GET", COUNT).json
    context = browser.new_context(locale="fr-FR", base_url=site.address)
    page = context.new_page()

    page.goto(PETITION)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Une piste cyclable rue des Lilas")
    form = page.locator("#signer")
    form.get_by_label("Prénom", exact=True).fill("Camille")
    form.get_by_label("Nom", exact=True).fill("Roche")
    form.get_by_label("Courriel").fill(CAMILLE)
    form.get_by_label("Code postal").fill("35000")
    form.get_by_label("Pourquoi je signe").fill("Mes enfants prennent cette rue tous les matins.")
    for box in form.get_by_role("checkbox").all():
        expect(box).not_to_be_checked()
    form.get_by_role("button", name="Signer la pétition").click()

    page.wait_for_url("**/merci/**")
    number = before["signatures"] + 1
    shown = f"{number:,}".replace(",", NARROW)
    expect(page.get_by_role("heading", level=1)).to_contain_text(shown)
    expect(page.locator("body")).to_contain_text("Camille")
    assert context.cookies() == []
    share = page.get_by_label("Votre lien personnel").input_value()
    assert share.startswith(f"{site.address}/s/")

    thanks = mail_to(site, CAMILLE)
    assert shown in thanks.text
    assert shown in thanks.html
    assert f"/s/{share.rsplit('/', 1)[1]}" in thanks.text
    confirm = thanks.link("/confirmer/")
    after_signing = wait_for(
        lambda: (now := site.ask("GET", COUNT).json)["signatures"] == number and now, "the count"
    )

    for method in ("GET", "HEAD"):  # what a link scanner does (P26)
        assert site.ask(method, confirm).status == 200
    assert site.ask("GET", COUNT).json["confirmed"] == after_signing["confirmed"]

    page.goto(confirm)
    page.get_by_role("button", name="Je confirme ma signature").click()
    wait_for(
        lambda: site.ask("GET", COUNT).json["confirmed"] == after_signing["confirmed"] + 1,
        "the confirmed count",
    )

    friend = browser.new_context(locale="fr-FR")
    other = friend.new_page()
    other.goto(share)
    assert other.url.startswith(f"{site.address}{PETITION}")
    expect(other.locator("#decompte")).to_contain_text(shown)
    friend.close()
    context.close()


def test_the_thermometer_moves_under_an_open_page(
    demo: tuple[Running, Site], browser: Browser
) -> None:
    _, site = demo
    context = browser.new_context(locale="fr-FR", base_url=site.address)
    page = context.new_page()
    page.goto(PETITION)
    count = site.ask("GET", COUNT).json["signatures"]
    shown = f"{count + 1:,}".replace(",", NARROW)
    expect(page.locator("#decompte")).not_to_contain_text(shown)
    answer = site.ask(
        "POST",
        f"{PETITION}signer/",
        {
            "first_name": "Jeanne",
            "last_name": "Le Gall",
            "email": "jeanne@courriel.example",
            "postal_code": "35200",
        },
        Accept="application/json",
    )
    assert answer.status == 201
    assert answer.json["number"] == count + 1
    expect(page.locator("#decompte")).to_contain_text(shown, timeout=30_000)
    context.close()


def test_signing_again_tells_nothing_and_changes_nothing(demo: tuple[Running, Site]) -> None:
    _, site = demo
    fields = {
        "first_name": "Jean",
        "last_name": "Petit",
        "email": "jean.petit@courriel.example",
        "postal_code": "35200",
    }
    first = site.ask("POST", f"{PETITION}signer/", fields, Accept="application/json")
    count = wait_for(
        lambda: (now := site.ask("GET", COUNT).json["signatures"]) >= first.json["number"] and now,
        "the count",
    )
    # Another spelling: the same words twice in a row are one gesture, not a second one (P23).
    fields["first_name"] = "Jean-Marie"
    again = site.ask("POST", f"{PETITION}signer/", fields, Accept="application/json")
    assert again.status == first.status == 201
    assert again.json.keys() == first.json.keys()
    assert again.json["number"] == first.json["number"] + 1  # shown, not given
    already = mail_to(site, "jean.petit@courriel.example", "déjà")
    shown = f"{first.json['number']:,}".replace(",", NARROW)
    assert shown in already.text
    assert site.ask("GET", COUNT).json["signatures"] == count


def test_started_again_it_finds_its_data(demo: tuple[Running, Site], folder: Path) -> None:
    """The last: it stops the demonstration that the others look at."""
    first, site = demo
    other = "/petitions/liberez-la-parole/compteur.json"
    before = site.ask("GET", other).json["signatures"]
    first.stop()
    wait_for(lambda: "tout est arrêté" in first.console, "the last word")
    with running("demo", folder) as (second, site):
        second.says("Le bureau", seconds=120)
        assert "déjà été jouée" in second.console
        assert site.ask("GET", other).json["signatures"] == before == 8_686
