"""The story « une citoyenne lance une pétition », from nothing: real processes, SMTP, Chromium.

Nadia has no account and no organisation. She launches, proves her mailbox, publishes; people sign
on the page, on paper and on a friend's site, until there are a hundred.
"""

import re
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, expect

from levier.project.sink import Keeper
from tests.neighbour import Neighbour
from tests.prepared import Prepared
from tests.running import Mail, Site, free_port, mails_in, running, wait_for

pytestmark = pytest.mark.browser
NADIA = "nadia.ferrand@courriel.example"
TITLE = "Des arbres place du Marché"
SLUG = "des-arbres-place-du-marche"
PETITION = f"/petitions/{SLUG}/"
DESK = f"/tableau-de-bord/petitions/{SLUG}/"
ASK = "Que la Ville plante vingt arbres place du Marché avant mars 2027."
SIGNATORIES = (
    ("Camille", "Roche", "camille@courriel.example"),
    ("Ousmane", "Bâ", "ousmane@courriel.example"),
    ("Zoé", "O’Neil", "zoe@courriel.example"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[Site]:
    """A Levier that nobody has used yet, and the mail server it talks to."""
    data = prepared(tmp_path_factory.mktemp("levier"))
    post = Controller(Keeper(data / "courrier.jsonl"), hostname="127.0.0.1", port=free_port())
    post.start()
    try:
        with running("up", data, LEVIER_EMAIL_URL=f"smtp://127.0.0.1:{post.port}") as (
            console,
            site,
        ):
            console.says("le site répond", seconds=240)
            yield site
    finally:
        post.stop()


@pytest.fixture(scope="module")
def nadia(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    """Her browser, from the first page to the last."""
    context = browser.new_context(locale="fr-FR", base_url=site.address)
    context.set_default_timeout(15_000)
    yield context
    context.close()


def mail_to(site: Site, address: str, words: str = "") -> Mail:
    """The last mail somebody received, once it is there."""

    def look() -> Mail | None:
        mails = [m for m in mails_in(site.data / "courrier.jsonl") if address in m.to]
        return next((m for m in reversed(mails) if words in m.subject), None)

    return wait_for(look, f"a mail to {address}", seconds=30)


def go_on(page: Page, where: str) -> None:
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.wait_for_url(f"**{where}")


def test_1_nothing_is_open_and_the_site_says_what_to_do(site: Site, nadia: BrowserContext) -> None:
    page = nadia.new_page()
    page.goto("/")
    page.get_by_role("link", name="Lancer la première").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("À qui"))
    page.close()


def test_2_she_writes_in_two_sittings(site: Site, nadia: BrowserContext) -> None:
    page = nadia.new_page()
    page.goto("/lancer/")
    page.get_by_label("De quoi s’agit-il ?").fill("arbres place du Marché")
    page.get_by_label("Qui peut décider ?").fill("maire de Valmont")
    page.get_by_text("Écrire qui décide").click()
    page.get_by_label("Fonction").fill("Maire de Valmont")
    page.get_by_label("Institution").fill("Ville de Valmont")
    page.get_by_label("Civilité").fill("Mme")
    page.get_by_label("Prénom et nom").fill("Anne Aubert")
    page.get_by_label("Thème").select_option(label="Environnement, climat")
    go_on(page, "/lancer/demande/")
    page.get_by_label("Votre demande").fill("Des arbres !")
    expect(page.get_by_text("il manque encore")).to_be_visible()
    page.get_by_label("Votre demande").fill(ASK)
    go_on(page, "/lancer/pourquoi/")
    page.close()  # the telephone rings

    page = nadia.new_page()
    page.goto("/lancer/demande/")
    expect(page.get_by_label("Votre demande")).to_have_value(ASK)
    page.goto("/lancer/pourquoi/")
    page.get_by_label("Pourquoi c’est important").fill("Il fait **41 degrés** l’été.")
    go_on(page, "/lancer/image/")
    page.get_by_label("Titre").fill(TITLE)
    go_on(page, "/lancer/relire/")
    shown = page.frame_locator("iframe[title='Aperçu de la page']")
    expect(shown.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.close()


def test_3_she_proves_her_mailbox_and_it_is_public(site: Site, nadia: BrowserContext) -> None:
    assert site.ask("GET", PETITION).status == 404
    page = nadia.new_page()
    page.goto("/lancer/relire/")
    page.get_by_label("Nom du collectif").fill("Collectif du Marché")
    page.get_by_label("Adresse postale").fill("1 place du Marché, 00000 Valmont")
    page.get_by_label("J’ai compris").check()
    page.get_by_label("Votre prénom et votre nom").fill("Nadia Ferrand")
    page.locator("#id_email").fill(NADIA)
    page.get_by_role("button", name="Recevoir le code pour publier").click()
    page.wait_for_url("**/lancer/code/")
    mail = mail_to(site, NADIA, "code")
    code = re.search(r"^[A-Z0-9]{3,}(?:-[A-Z0-9]+)*$", mail.text, re.MULTILINE)
    assert code, mail.text
    page.get_by_label("Code").fill(code[0])
    page.get_by_role("button", name="Publier la pétition").click()
    page.wait_for_url(f"**/lancer/et-maintenant/{SLUG}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Et maintenant"))
    assert site.ask("GET", PETITION).status == 200
    page.get_by_role("link", name="Ouvrir mon tableau de bord").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bonjour Nadia")
    page.close()


def test_4_three_people_sign_and_are_thanked(site: Site, nadia: BrowserContext) -> None:
    for first, last, email in SIGNATORIES:
        context = nadia.browser.new_context(locale="fr-FR", base_url=site.address)  # type: ignore[union-attr]
        page = context.new_page()
        page.goto(PETITION)
        form = page.locator("#signer")
        form.get_by_label("Prénom", exact=True).fill(first)
        form.get_by_label("Nom", exact=True).fill(last)
        form.get_by_label("Courriel").fill(email)
        form.get_by_label("Code postal").fill("35000")
        form.get_by_role("button", name="Signer la pétition").click()
        page.wait_for_url("**/merci/**")
        assert context.cookies() == []
        context.close()
    wait_for(
        lambda: site.ask("GET", f"{PETITION}compteur.json").json["signatures"] == 3, "three of them"
    )
    thanks = mail_to(site, "camille@courriel.example")
    assert TITLE in thanks.text
    assert "Collectif du Marché" in thanks.text
    assert "1 place du Marché" in thanks.text


def test_5_somebody_who_means_the_same_is_led_to_it(site: Site, browser: Browser) -> None:
    context = browser.new_context(locale="fr-FR", base_url=site.address)
    page = context.new_page()
    page.goto("/lancer/")
    page.get_by_label("De quoi s’agit-il ?").fill("planter des arbres au marché")
    page.get_by_label("Qui peut décider ?").fill("la Ville")  # found while one types
    page.get_by_role("radio", name=re.compile("Anne Aubert")).check()  # whom Nadia addressed (P3)
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.wait_for_url("**/lancer/semblables/")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    context.close()


def test_6_she_prints_sheets_and_types_what_came_back(site: Site, nadia: BrowserContext) -> None:
    assert site.ask("GET", f"{PETITION}feuille.pdf").body.startswith(b"%PDF-")
    page = nadia.new_page()
    page.goto(f"{DESK}papier/")
    page.get_by_label("Nombre de feuilles").fill("4")
    page.get_by_role("button", name="Préparer ces feuilles").click()
    expect(page.get_by_text("Feuilles 1 à 4", exact=True)).to_be_visible()
    page.get_by_role("link", name="Coller des lignes d’un tableur").click()
    lines = [f"{1 + n // 15};Papier;Ana;papier{n}@courriel.example;35000;" for n in range(60)]
    lines[7] = "1;Roche;Camille;camille@courriel.example;35000;"  # she signed online already
    lines[30] = "3;;Ana;pas-une-adresse;35000;"
    typed = ["feuille;nom;prénom;courriel;code postal;accord", *lines]
    page.get_by_label("Lignes").fill("\n".join(typed))
    page.get_by_role("button", name="Enregistrer les lignes").click()
    expect(page.get_by_text("1 ligne est restée ci-dessous")).to_be_visible()
    left = page.get_by_label("Lignes").input_value()
    assert left.splitlines()[-1] == lines[30]
    page.get_by_label("Lignes").fill(left.replace(";;Ana;pas-une-adresse;", ";Bâ;Ana;;"))
    page.get_by_role("button", name="Enregistrer les lignes").click()
    page.wait_for_url("**/papier/")
    page.close()
    count = wait_for(lambda: counted(site, 62), "the paper in the count")
    assert count["signatures"] == 3 + 59


def test_7_people_sign_on_a_friend_s_site(site: Site, nadia: BrowserContext) -> None:
    page = nadia.new_page()
    page.goto(f"{DESK}integrer/")
    expect(page.get_by_text("/integrer/v1.js").first).to_be_visible()
    page.close()
    friend = Neighbour(site.address, SLUG)
    visitor = nadia.browser.new_context(locale="fr-FR")  # type: ignore[union-attr]
    try:
        page = visitor.new_page()
        page.goto(friend.page("/marche/", friend.script()))
        frame = page.frame_locator("iframe")
        frame.get_by_label("Prénom", exact=True).fill("Élise")
        frame.get_by_label("Nom", exact=True).fill("Le Goff")
        frame.get_by_label("Courriel").fill("elise@courriel.example")
        frame.get_by_label("Code postal").fill("35000")
        frame.get_by_role("button", name="Signer la pétition").click()
        expect(frame.locator("#merci")).to_contain_text("4e personne à signer")
        assert visitor.cookies() == []
    finally:
        visitor.close()
        friend.server.shutdown()
    assert "4e" in mail_to(site, "elise@courriel.example").text


def test_8_a_hundred_people_ask_for_it(site: Site, nadia: BrowserContext) -> None:
    for n in range(37):
        form = {"first_name": "Noé", "last_name": "Roux", "email": f"noe{n}@courriel.example"}
        fields = {**form, "postal_code": "35000"}
        answer = site.ask("POST", f"{PETITION}signer/", fields, Accept="application/json")
        assert (answer.status, answer.json["number"]) == (201, 5 + n)
    count = wait_for(lambda: counted(site, 100), "a hundred")
    assert (count["signatures"], count["next_milestone"]) == (100, 200)
    page = nadia.new_page()
    page.goto(PETITION)
    told = page.get_by_text("signatures, dont 59 sur papier")
    expect(told.first).to_be_visible(timeout=20_000)  # read again every ten seconds
    page.goto(DESK)
    expect(page.get_by_role("heading", level=1)).to_contain_text("100 personnes")
    page.close()


def counted(site: Site, n: int) -> dict[str, int] | None:
    """The count, once it has reached so many."""
    count: dict[str, int] = site.ask("GET", f"{PETITION}compteur.json").json
    return count if count["signatures"] >= n else None
