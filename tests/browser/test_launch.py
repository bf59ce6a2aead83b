"""Launching a petition in Chromium: keyboard alone, both widths, under axe's eye, no script too."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from levier.foundation.accounts.models import Organisation, User
from levier.gathering.petitions.actions.drafting import Words
from levier.gathering.petitions.actions.translating import publish_translation
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.opening import revise_petition, translate_petition
from tests.account_mails import queued_account_mails
from tests.browser.conftest import OpenPage
from tests.cast import NOW
from tests.faces.public.launch.walk import png

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASK = "Que Mme Diallo fasse poser vingt arceaux à vélos devant la gare avant mars 2027."
NADIA = "nadia@courriel.example"


def look(page: Page, what: str) -> None:
    """Nothing for axe to say, nothing wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{what}\n{found.generate_report()}"
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, f"{what}: {wider} px too wide"


def press(page: Page, name: str) -> None:
    """Reach a button with Tab, as somebody without a mouse, and press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        reached = page.evaluate(
            "(document.activeElement.textContent || '').trim().replace(/\\s+/g, ' ')"
        )
        if reached == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no button « {name} » within reach")


def code_sent() -> str:
    text = queued_account_mails()[-1]["text"]
    found = re.search(r"^[A-Z0-9]{3,}(?:-[A-Z0-9]+)*$", text, re.MULTILINE)
    assert found, text
    return found[0]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_petition_is_launched_with_the_keyboard_alone(
    open_page: OpenPage, lilas: Petition, width: int, tmp_path: Path
) -> None:
    page = open_page("/lancer/", width=width)
    say_who(page)
    say_what_and_why(page)
    say_how_it_looks(page, tmp_path / "gare.png")
    say_who_carries_it(page)
    page.get_by_label("Code").focus()
    page.keyboard.type(code_sent())
    page.keyboard.press("Enter")
    page.wait_for_url("**/et-maintenant/des-arceaux-a-la-gare/")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("Elle est ouverte. Et maintenant")
    )
    look(page, "launched")
    page.goto("/petitions/des-arceaux-a-la-gare/")
    expect(page.get_by_text("par Nadia Ferrand, avec Collectif de la gare")).to_be_visible()
    look(page, "published")


def say_who(page: Page) -> None:
    look(page, "who")
    page.get_by_label("De quoi s’agit-il ?").focus()
    page.keyboard.type("piste cyclable")
    page.keyboard.press("Tab")
    page.keyboard.type("valmont")
    expect(page.get_by_text("Mme Khady Diallo")).to_be_visible()
    look(page, "found")
    page.get_by_role("radio", name=re.compile("Diallo")).focus()
    page.keyboard.press("Space")
    press(page, "Enregistrer et continuer")
    page.wait_for_url("**/semblables/")
    look(page, "similar")
    press(page, "La mienne est différente : continuer")


def say_what_and_why(page: Page) -> None:
    page.get_by_label("Votre demande").focus()
    page.keyboard.type("Des vélos !")
    expect(page.get_by_text("il manque encore")).to_be_visible()
    look(page, "hints")
    page.get_by_label("Votre demande").fill("")
    page.keyboard.type(ASK)
    expect(page.get_by_text("On saura vérifier")).to_be_visible()
    press(page, "Enregistrer et continuer")
    page.wait_for_url("**/pourquoi/")
    page.get_by_label("Pourquoi c’est important").focus()
    page.keyboard.type("Deux cents vélos sont attachés aux grilles.")
    look(page, "why")
    press(page, "Enregistrer et continuer")
    page.wait_for_url("**/image/")


def say_how_it_looks(page: Page, picture: Path) -> None:
    picture.write_bytes(png((400, 300)).read())
    page.get_by_label("Titre").fill("Des arceaux à la gare")
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_label("Légende ou crédit").focus()
    press(page, "Enregistrer et continuer")
    expect(page.get_by_label("Ce que montre l’image")).to_have_attribute("aria-invalid", "true")
    look(page, "picture refused")
    page.get_by_label("Ce que montre l’image").focus()
    page.keyboard.type("Des vélos attachés à une grille")
    press(page, "Enregistrer et continuer")
    page.wait_for_url("**/relire/")
    frame = page.frame_locator("iframe[title='Aperçu de la page']")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Des arceaux à la gare")
    look(page, "read")


def say_who_carries_it(page: Page) -> None:
    page.get_by_label("Nom du collectif").focus()
    page.keyboard.type("Collectif de la gare")
    page.keyboard.press("Tab")
    page.keyboard.type("2 place de la Gare, 00000 Valmont")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Nadia Ferrand")
    page.keyboard.press("Tab")
    page.keyboard.type(NADIA)
    press(page, "Recevoir le code pour publier")
    page.wait_for_url("**/code/")
    look(page, "code")


def test_without_javascript_everything_is_there(open_page: OpenPage, lilas: Petition) -> None:
    page = open_page("/lancer/", java_script_enabled=False)
    page.get_by_label("Qui peut décider ?").fill("diallo")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("radio", name=re.compile("Diallo")).check()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_label("Votre demande").fill("Des vélos !")
    page.get_by_role("button", name="Voir les conseils").click()
    expect(page.get_by_text("il manque encore")).to_be_visible()
    page.get_by_label("Votre demande").fill(ASK)
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_label("Pourquoi c’est important").fill("Deux cents vélos.")
    page.get_by_role("button", name="Étape précédente").click()
    expect(page.get_by_label("Votre demande")).to_have_value(ASK)
    page.goto("/lancer/image/")
    page.get_by_label("Titre").fill("Des arceaux à la gare")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    page.get_by_label("Nom du collectif").fill("Collectif de la gare")
    page.get_by_label("Adresse postale").fill("2 place de la Gare")
    page.get_by_label("J’ai compris").check()
    page.get_by_label("Votre prénom et votre nom").fill("Nadia Ferrand")
    page.get_by_label("Votre adresse électronique", exact=False).first.fill(NADIA)
    page.get_by_role("button", name="Recevoir le code pour publier").click()
    page.get_by_label("Code").fill(code_sent())
    page.get_by_role("button", name="Publier la pétition").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("Elle est ouverte. Et maintenant")
    )


def test_the_carrier_s_own_fields_come_when_they_are_needed(
    open_page: OpenPage, valmont: Organisation, aicha: User
) -> None:
    Organisation.objects.update(welcomes_petitions=True)
    page = open_page("/lancer/relire/")
    expect(page.get_by_label("Nom du collectif")).not_to_be_visible()
    page.get_by_role("radio", name=re.compile("notre collectif")).check()
    expect(page.get_by_label("Nom du collectif")).to_be_visible()
    page.get_by_role("radio", name=re.compile("Valmont à vélo")).check()
    expect(page.get_by_label("Nom du collectif")).not_to_be_visible()
    look(page, "carriers")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_desk_reads_translates_and_compares(
    open_page: OpenPage, lilas: Petition, aicha: User, width: int
) -> None:
    Petition.objects.update(is_supporters=True)
    english = Words(title="A cycle lane", ask="A vote before 2027.", story="<p>Children ride.</p>")
    translate_petition(petition=lilas, language="en", words=english, by=aicha, now=NOW)
    publish_translation(petition=lilas, language="en", by=aicha, now=NOW)
    other = Words(title="Une piste rue des Lilas", ask="Un vote.", story="<p>Cinq cents.</p>")
    revise_petition(petition=lilas, words=other, by=aicha, now=NOW)
    page = open_page("/petitions/piste-cyclable-rue-des-lilas/en/", width=width)
    look(page, "in English")
    page.goto("/petitions/piste-cyclable-rue-des-lilas/versions/2/")
    look(page, "changes")
    page.goto("/?theme=animaux")
    look(page, "a theme without petition")
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(aicha.email)
    page.get_by_label("Mot de passe").fill("demonstration")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/tableau-de-bord/")
    desk = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas"
    for path in (f"{desk}/traductions/", f"{desk}/traductions/en/", f"{desk}/traductions/ar/"):
        page.goto(path)
        look(page, path)
    page.goto("/tableau-de-bord/reglages/accueil/")
    look(page, "welcome")
    page.goto("/tableau-de-bord/relectures/")
    look(page, "nothing to read")
    Petition.objects.update(state=PetitionState.IN_REVIEW)
    page.goto("/tableau-de-bord/relectures/")
    look(page, "to read")
    page.get_by_role("link", name="Une piste rue des Lilas").first.click()
    page.wait_for_url("**/relecture/")
    frame = page.frame_locator("iframe[title='Aperçu de la page']")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Une piste rue des Lilas")
    look(page, "review")
    page.goto(f"{desk}/apercu/")
    look(page, "preview")
