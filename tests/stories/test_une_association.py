"""« Une association reprend 50 000 signatures d’une autre plateforme » : real processes, a real
file, Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faults.conftest import SEED
from tests.prepared import Prepared, levier
from tests.running import Site, running, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NARROW = "\u202f"
PETITION = "/petitions/piste-cyclable-rue-des-lilas/"
IMPORT = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/importer/"
PATIENCE = 120_000  # milliseconds; never a measure of speed
ROWS, TWICE, FAULTY = 50_000, 400, 100
NEW = ROWS - TWICE - FAULTY
FORMULA = "=cmd|' /C calc'!A0"
WORDING = "J’accepte de recevoir des nouvelles de cette campagne."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[Site]:
    """Everything runs, with one organisation, its owner and an open petition."""
    data = prepared(tmp_path_factory.mktemp("association"))
    nobody = {"LEVIER_EMAIL_URL": "smtp://127.0.0.1:9"}  # nobody is to be written to
    levier(data, "shell", "-c", SEED)
    with running("up", data, **nobody) as (console, site):
        console.says("le site répond", seconds=120)
        yield site


def export_of_elsewhere(path: Path) -> Path:
    """What another platform gives: Windows-1252, semicolons, doubles, faults."""
    with path.open("w", encoding="cp1252", newline="") as file:
        file.write("Prénom;Nom;Courriel;Code postal;Pays;Date de signature;Newsletter\r\n")
        for n in range(NEW):
            day = f"{n % 28 + 1:02}/{n % 12 + 1:02}/2024 {n % 24:02}:{n % 60:02}"
            yes = "oui" if n % 4 == 0 else "non"
            code = 1000 + n % 90_000
            file.write(f"Éloïse;Lefèvre;signataire{n}@ailleurs.fr;{code};FR;{day};{yes}\r\n")
        for n in range(TWICE):
            file.write(f"Éloïse;Lefèvre;SIGNATAIRE{n}@ailleurs.fr;35000;FR;01/12/2025;oui\r\n")
        for n in range(FAULTY):
            name, address = (
                ("=cmd|' /C calc'!A0", f"f{n}@b.fr") if n % 2 else ("Zoé", "sans arobase")
            )
            file.write(f"{name};X;{address};35000;FR;01/12/2025;\r\n")
    return path


def signatures(site: Site) -> int:
    count: int = site.ask("GET", f"{PETITION}compteur.json").json["signatures"]
    return count


def shown(n: int) -> str:
    return f"{n:,}".replace(",", NARROW)


def sign_in(page: Page) -> None:
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill("aicha@valmont.example")
    page.get_by_label("Mot de passe").fill("demonstration")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/tableau-de-bord/")


def test_P58_P59_an_association_brings_fifty_thousand_signatures(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    file = export_of_elsewhere(tmp_path / "export-2024.csv")
    before = signatures(site)
    context = browser.new_context(locale="fr-FR", base_url=site.address)
    page = context.new_page()
    page.set_default_timeout(60_000)
    sign_in(page)

    page.goto(IMPORT)
    page.get_by_label("Le fichier").set_input_files(file)
    page.get_by_role("button", name="Déposer le fichier").click()
    columns = page.get_by_role("table", name="Colonnes du fichier")
    expect(columns).to_be_visible(timeout=PATIENCE)
    expect(columns).to_contain_text("Éloïse")
    expect(page.locator("form").filter(has=columns)).to_contain_text(f"{shown(ROWS)} lignes")
    expect(page.get_by_label("Courriel")).to_have_value("email")
    expect(page.get_by_label("Date de signature", exact=True)).to_have_value("signed_at")
    page.get_by_label("Accord : nouvelles de la pétition").fill(WORDING)
    page.get_by_role("button", name="Vérifier toutes les lignes").click()

    write = page.get_by_role("button", name=f"Importer {shown(NEW)} signatures")
    expect(write).to_be_visible(timeout=PATIENCE)
    figures = page.locator("dl.figures")
    expect(figures).to_contain_text(str(TWICE))
    expect(figures).to_contain_text(str(FAULTY))
    assert signatures(site) == before
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Télécharger les lignes refusées").click()
    refused = Path(downloading.value.path()).read_text("utf-8-sig").splitlines()
    assert len(refused) == FAULTY + 1
    assert any("'=cmd|" in line for line in refused)

    write.click()
    expect(page.get_by_role("heading", name="C’est fait")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Annuler cet import")).to_be_visible()
    expect(figures).to_contain_text(shown(NEW))

    wait_for(lambda: signatures(site) == before + NEW, "the new count")
    page.goto(PETITION)
    expect(page.locator("#decompte")).to_contain_text(shown(before + NEW))
    context.close()


def most_memory(site: Site) -> int:
    """The most the web processes ever held, in MiB."""
    total = 0
    for process in psutil.process_iter(["cmdline", "environ"]):
        line, own = process.info["cmdline"] or [], process.info["environ"] or {}
        if line and line[-1] == "web" and own.get("PORT") == str(site.port):
            for one in (process, *process.children(recursive=True)):
                status = Path(f"/proc/{one.pid}/status").read_text()
                total += int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) // 1024
    return total


def test_a_hundred_megabytes_of_picture_are_refused_without_being_held(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    picture = tmp_path / "signatures.csv"
    with picture.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.truncate(100 * 1024 * 1024)
    context = browser.new_context(locale="fr-FR", base_url=site.address)
    page = context.new_page()
    page.set_default_timeout(60_000)
    sign_in(page)
    page.goto(IMPORT)
    before = most_memory(site)
    page.get_by_label("Le fichier").set_input_files(picture)
    page.get_by_role("button", name="Déposer le fichier").click()
    expect(page.get_by_role("alert")).to_contain_text("une image PNG", timeout=PATIENCE)
    assert before > 0
    assert most_memory(site) - before < 60
    sent = [file.stat().st_size for file in (site.data / "private").rglob("envoi")]
    assert all(size < 10 * 1024 * 1024 for size in sent)
    context.close()
