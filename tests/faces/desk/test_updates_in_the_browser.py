"""News at the desk in Chromium: wide and narrow, with the keyboard alone, under axe's eye."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from levier.foundation.accounts.models import User
from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.tally import MessageTally
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.actions.publish import publish
from levier.gathering.updates.enums import Answer, UpdateKind
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.update import Update
from tests.cast import make_signature, person_of
from tests.faces.desk.updates_desk import UPDATES, make_draft, make_sent, make_whole

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = os.environ.get("LEVIER_TEST_PICTURES", "")  # a folder to look at the pages in
WORDS = "Ma fille traverse la rue des Lilas chaque matin, et chaque matin j’ai peur."


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, request: pytest.FixtureRequest, live_server: object) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": request.param, "height": 900}, base_url=str(live_server)
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    known = ("status of 4", "inline style", "frame is sandboxed")  # pictures taken; our own walls
    assert [text for text in complaints if not any(one in text for one in known)] == []


def sign_in(page: Page, user: User) -> None:
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe").fill("demonstration")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/tableau-de-bord/")


def look(page: Page, name: str) -> None:
    """Nothing for axe to say, nothing wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, f"{name}: {wider} px too wide"
    if SEEN:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(SEEN) / f"{name}-{width}.png", full_page=True)


def typing(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(words)


def pressed(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_an_update_is_written_and_published_with_the_keyboard_alone(
    page: Page, lilas: Petition, aicha: User
) -> None:
    sign_in(page, aicha)
    page.goto(UPDATES)
    look(page, "maj-vide")
    page.get_by_role("link", name="Publier une mise à jour").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/nouvelle/")
    look(page, "maj-nouvelle")
    page.get_by_label("Un article parle de nous").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Événement, manifestation")).to_be_checked()
    page.keyboard.press("ArrowUp")
    pressed(page, "Écrire la nouvelle")
    page.wait_for_url(re.compile(r"/mises-a-jour/\d+/$"))
    typing(page, "Titre", "Ouest-Valmont parle de nous")
    typing(page, "La nouvelle", "Un bel article ce matin. Merci !")
    expect(page.locator("#garde")).to_contain_text("Enregistré à")
    assert Update.objects.get().title == "Ouest-Valmont parle de nous"
    typing(page, "Adresse de l’article (facultatif)", "https://ouest-valmont.example/lilas")
    page.get_by_text("Écrire la carte à la main").focus()
    page.keyboard.press("Enter")
    typing(page, "Titre de l’article (facultatif)", "Les parents bloquent la rue")
    typing(page, "Nom du journal (facultatif)", "Ouest-Valmont")
    look(page, "maj-redaction")
    pressed(page, "5. Relire et publier")
    page.wait_for_url("**/apercu/")
    expect(page.get_by_text("Aucun signataire n’a demandé de nouvelles.")).to_be_visible()
    for title in ("sur un ordinateur", "sur un téléphone"):
        frame = page.locator(f"iframe[title='Le courriel {title}']")
        frame.scroll_into_view_if_needed()
        expect(frame.content_frame.get_by_text("Partager l’article").first).to_be_visible()
    look(page, "maj-apercu")
    pressed(page, "Publier")
    page.wait_for_url("**/publier/")
    look(page, "maj-publier")
    pressed(page, "Publier sur la page")
    page.wait_for_url("**/envoi/")
    expect(page.get_by_text("C’est publié")).to_be_visible()
    look(page, "maj-envoi-debut")


def test_the_kind_brings_its_ask_and_nothing_typed_is_lost(
    page: Page, lilas: Petition, aicha: User
) -> None:
    draft = make_draft(lilas, aicha, timezone.now())
    sign_in(page, aicha)
    page.goto(f"{UPDATES}{draft.pk}/")
    typing(page, "Titre", "Rendez-vous le 12")
    page.get_by_label("Ce qui se passe", exact=True).select_option("event")
    place = page.get_by_role("textbox", name="Lieu", exact=True)
    expect(place).to_be_visible()
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Rendez-vous le 12")
    place.fill("Parvis de la mairie")
    page.get_by_label("Partager", exact=True).check()
    expect(page.get_by_label("Le texte proposé")).to_be_visible()
    look(page, "maj-evenement")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_text("Brouillon enregistré.")).to_be_visible()
    ask = Ask.objects.get(pk=draft.pk)
    assert ask.kind == "share"
    assert Update.objects.get().title == "Rendez-vous le 12"


def test_two_editors_see_both_versions(
    page: Page, lilas: Petition, aicha: User, hugo: User
) -> None:
    draft = make_draft(lilas, aicha, timezone.now())
    sign_in(page, aicha)
    page.goto(f"{UPDATES}{draft.pk}/")
    Update.objects.filter(pk=draft.pk).update(
        title="Celui de Hugo", edition=2, edited_by=hugo, edited_at=timezone.now()
    )
    typing(page, "Titre", "Le mien")
    expect(page.locator("#garde")).to_contain_text("Hugo a modifié ce texte")
    page.get_by_role("button", name="Voir les deux versions").click()
    expect(page.get_by_text("Celui de Hugo")).to_be_visible()
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Le mien")
    look(page, "maj-versions")


def test_too_early_offers_the_next_hour(page: Page, lilas: Petition, aicha: User) -> None:
    make_sent(lilas, aicha, timezone.now() - timedelta(hours=3))
    whole = make_whole(lilas, aicha, timezone.now())
    sign_in(page, aicha)
    page.goto(f"{UPDATES}{whole.pk}/apercu/")
    page.get_by_role("button", name="Publier", exact=True).click()
    page.get_by_role("button", name="Publier sur la page").click()
    expect(page.get_by_role("alert")).to_contain_text("Pour ne pas lasser vos signataires")
    look(page, "maj-trop-tot")
    pressed(page, "Programmer pour ce moment")
    page.wait_for_url("**/envoi/")
    expect(page.get_by_text("Elle partira")).to_be_visible()
    look(page, "maj-programmee")
    page.goto(UPDATES)
    look(page, "maj-liste")


def test_a_sending_is_held_and_let_go_on_with_the_keyboard(
    page: Page, lilas: Petition, aicha: User
) -> None:
    update = publish(update=make_whole(lilas, aicha, timezone.now()), by=aicha, now=timezone.now())
    assert update.message is not None
    for state, n in {DeliveryState.HANDED: 620, DeliveryState.QUEUED: 380}.items():
        MessageTally.objects.create(message=update.message, slot=0, state=state, n=n)
    MessageTally.objects.create(message=update.message, slot=0, state=DeliveryState.UNKNOWN, n=2)
    Update.objects.filter(pk=update.pk).update(recipients=1_002)
    sign_in(page, aicha)
    page.goto(f"{UPDATES}{update.pk}/envoi/")
    look(page, "maj-envoi")
    MessageTally.objects.filter(state=DeliveryState.HANDED).update(n=700)
    expect(page.get_by_text("702 sur 1\u202f082.")).to_be_visible()
    pressed(page, "Suspendre")
    expect(page.get_by_text("L’envoi est suspendu.")).to_be_visible()
    look(page, "maj-suspendue")
    pressed(page, "Reprendre")
    expect(page.get_by_text("L’envoi reprend.")).to_be_visible()


def test_results_and_answers(page: Page, lilas: Petition, aicha: User) -> None:
    now = timezone.now()
    update = make_sent(lilas, aicha, now - timedelta(hours=9), kind=UpdateKind.TESTIMONY)
    for n in range(9):
        Response.objects.create(
            ask=Ask.objects.get(pk=update.pk),
            person=person_of(make_signature(lilas, first_name="Zoé", last_name="O’Neil")),
            kind=Answer.TEXT,
            words=WORDS,
            for_press=n % 2 == 0,
            at=now - timedelta(hours=n),
            changed_at=now,
        )
    Update.objects.filter(pk=update.pk).update(readers_by_area={"FR-35": 41_212, "FR-29": 300})
    sign_in(page, aicha)
    page.goto(f"{UPDATES}{update.pk}/resultats/")
    expect(page.get_by_text("Lire les chiffres en tableau")).to_be_visible()
    look(page, "maj-resultats")
    page.goto(f"{UPDATES}{update.pk}/reponses/")
    look(page, "maj-reponses")
    page.get_by_role("button", name="Garder", exact=True).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Gardée.")).to_be_visible()
    page.goto(f"{UPDATES}{update.pk}/reponses/?etat=presse")
    look(page, "maj-presse")
    page.goto(f"{UPDATES}{update.pk}/corriger/")
    look(page, "maj-corriger")


def test_guests_and_contacts(page: Page, lilas: Petition, aicha: User) -> None:
    now = timezone.now()
    update = make_sent(lilas, aicha, now - timedelta(hours=9), kind=UpdateKind.EVENT)
    Ask.objects.filter(pk=update.pk).update(
        starts_at=now + timedelta(days=9), zone="Europe/Paris", place="Parvis", capacity=2
    )
    for n, kind in enumerate((Answer.YES, Answer.YES, Answer.MAYBE)):
        Response.objects.create(
            ask=Ask.objects.get(pk=update.pk),
            person=person_of(make_signature(lilas)),
            kind=kind,
            waiting_since=now if n == 1 else None,
            at=now,
            changed_at=now,
        )
    sign_in(page, aicha)
    for address, name in (
        (f"{UPDATES}{update.pk}/reponses/", "maj-invites"),
        (f"{UPDATES}{update.pk}/evenement/", "maj-rendez-vous"),
        (f"{UPDATES}{update.pk}/destinataires/", "maj-destinataires"),
        (UPDATES.replace("mises-a-jour", "coordonnees"), "coordonnees"),
        (UPDATES.replace("mises-a-jour/", ""), "tableau-nouvelles"),
    ):
        page.goto(address)
        look(page, name)


def test_without_script_every_step_works(
    browser: Browser, live_server: object, lilas: Petition, aicha: User
) -> None:
    context = browser.new_context(base_url=str(live_server), java_script_enabled=False)
    page = context.new_page()
    sign_in(page, aicha)
    page.goto(f"{UPDATES}nouvelle/")
    page.get_by_role("button", name="Écrire la nouvelle").click()
    page.get_by_label("Titre", exact=True).fill("Sans script")
    page.get_by_label("Ce qui se passe", exact=True).select_option("testimony")
    page.get_by_role("button", name="Changer de sorte").click()
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Sans script")
    expect(page.get_by_label("Le bouton")).to_have_value("Raconter mon expérience")
    page.get_by_role("button", name="5. Relire et publier").click()
    expect(page.get_by_text("Racontez ce qui s’est passé.")).to_be_visible()
    expect(page.get_by_role("link", name="Compter les destinataires")).to_be_visible()
    context.close()
