"""The desk in Chromium: wide and narrow, with the keyboard alone, under axe's eye."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from levier.foundation.accounts.actions import invite
from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Organisation, User
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import HoldReason, SignatureState
from tests.account_mails import queued_account_mails
from tests.cast import make_signature

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = os.environ.get("LEVIER_TEST_PICTURES", "")  # a folder to look at the pages in
DESK = "/tableau-de-bord/"
LILAS = f"{DESK}petitions/piste-cyclable-rue-des-lilas/"
NAMES = ["Camille Roche", "Paul Tremblay", "Inès Da Silva", "Zoé O’Neil", "Ousmane Bâ"]
WORDS = "Ma fille traverse la rue des Lilas chaque matin, et chaque matin j’ai peur."
OUTSIDE = ["/connexion/", "/connexion/code/", "/mot-de-passe/", "/mot-de-passe/envoye/"]
INSIDE = [
    DESK,
    f"{DESK}petitions/",
    f"{DESK}petitions/nouvelle/",
    f"{LILAS}modifier/",
    f"{LILAS}apercu/",
    f"{LILAS}clore/",
    f"{LILAS}signatures/",
    f"{LILAS}signatures/?recherche=personne-de-ce-nom",
    f"{LILAS}commentaires/",
    f"{LILAS}commentaires/?etat=publies",
    f"{LILAS}a-verifier/",
    f"{DESK}equipe/",
    f"{DESK}reglages/",
    "/mon-compte/",
    "/mon-compte/mot-de-passe/",
    "/mon-compte/securite/",
]


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
    assert [text for text in complaints if "status of 4" not in text] == []


@pytest.fixture
def busy(lilas: Petition, aicha: User, hugo: User) -> Petition:
    """Five weeks of signatures, words to read, two signatures to look at."""
    now = timezone.now()
    Petition.objects.filter(pk=lilas.pk).update(published_at=now - timedelta(days=35))
    for n in range(60):
        first, last = NAMES[n % 5].split(" ", 1)
        signed = now - timedelta(days=(n * n) % 35, hours=n)
        signature = make_signature(
            lilas,
            first_name=first,
            last_name=last,
            signed_at=signed,
            confirmed_at=signed if n % 3 else None,
        )
        if n < 4 and signature.person is not None:
            state = CommentState.WAITING if n < 2 else CommentState.PUBLISHED
            Comment.objects.create(
                petition=lilas,
                person=signature.person,
                text=WORDS,
                shown_name="Camille R.",
                state=state,
                created_at=signed,
            )
    make_signature(lilas, state=SignatureState.HELD, reason=HoldReason.RATE, signed_at=now)
    make_signature(lilas, state=SignatureState.HELD, reason=HoldReason.BOUNCE, signed_at=now)
    Milestone.objects.create(petition=lilas, threshold=50, reached_at=now - timedelta(days=2))
    return lilas


def sign_in(page: Page, user: User) -> None:
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe").fill("demonstration")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url(f"**{DESK}")


def look(page: Page, name: str) -> None:
    """Nothing for axe to say, nothing wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, f"{name}: {wider} px too wide"
    if SEEN:
        width = page.viewport_size["width"] if page.viewport_size else 0
        name = name.strip("/").replace("/", "-").replace("?", "-") or "accueil"
        page.screenshot(path=Path(SEEN) / f"{name}-{width}.png", full_page=True)


def test_signing_in_and_its_neighbours(page: Page, aicha: User) -> None:
    for address in OUTSIDE:
        page.goto(address)
        look(page, address)


def test_every_page_of_the_desk(page: Page, busy: Petition, aicha: User) -> None:
    sign_in(page, aicha)
    for address in INSIDE:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        look(page, address)


def test_a_petition_is_written_and_published_with_the_keyboard_alone(
    page: Page, aicha: User
) -> None:
    sign_in(page, aicha)
    page.goto(f"{DESK}petitions/nouvelle/")
    ask = page.get_by_label("Ce que vous demandez")
    ask.focus()
    page.keyboard.type("Justice !")
    expect(page.get_by_text("il manque encore")).to_be_visible()
    ask.fill("")
    page.keyboard.type("Que Mme Diallo fasse voter une piste cyclable avant l’été 2027.")
    expect(page.get_by_text("On saura vérifier")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("Une piste rue des Lilas")
    for label, words in {
        "Prénom et nom": "Khady Diallo",
        "Fonction": "3e adjointe au maire",
        "Institution": "Ville de Valmont",
        "Pourquoi c’est important": "Chaque matin, **quatre cents** enfants passent.",
    }.items():
        page.get_by_label(label).focus()
        page.keyboard.type(words)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Enregistrer et voir la page").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/apercu/")
    expect(page.get_by_text("Khady Diallo, 3e adjointe au maire")).to_be_visible()
    look(page, "apercu-brouillon")
    page.get_by_role("button", name="Publier la pétition").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{DESK}petitions/une-piste-rue-des-lilas/")
    expect(page.get_by_text("La pétition est ouverte.")).to_be_visible()
    look(page, "tableau-de-bord-neuf")
    assert Petition.objects.get().state == "open"


def test_a_form_with_errors_takes_one_to_them_and_keeps_what_was_typed(
    page: Page, aicha: User
) -> None:
    sign_in(page, aicha)
    page.goto(f"{DESK}petitions/nouvelle/")
    page.get_by_label("Titre").fill("Une piste rue des Lilas")
    page.get_by_role("button", name="Enregistrer et voir la page").click()
    expect(page.get_by_role("alert")).to_contain_text("Rien n’est perdu")
    expect(page.get_by_label("Titre")).to_have_value("Une piste rue des Lilas")
    look(page, "formulaire-erreurs")


def test_a_passkey_is_added_then_opens_the_desk_alone(page: Page, aicha: User) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, aicha)
    page.goto("/mon-compte/securite/cles/ajouter/")
    look(page, "encore")
    page.get_by_label("Mot de passe").fill("demonstration")
    page.get_by_role("button", name="Continuer").click()
    look(page, "cle-ajouter")
    page.get_by_label("Nom de la clé").fill("Téléphone")
    page.get_by_label("Se connecter avec elle seule").check()
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes de secours")
    look(page, "codes-de-secours")
    page.goto("/mon-compte/securite/cles/")
    expect(page.get_by_role("strong").get_by_text("Téléphone")).to_be_visible()
    look(page, "cles")
    page.goto("/deconnexion/")
    look(page, "deconnexion")
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto("/connexion/")
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url(f"**{DESK}")


def test_an_invitation_is_accepted(page: Page, aicha: User, valmont: Organisation) -> None:
    invite(
        organisation=valmont,
        email="zoe@ailleurs.example",
        role=Role.MODERATOR,
        by=aicha,
        now=timezone.now(),
    )
    found = re.search(r"http://testserver(/invitation/\S+)", queued_account_mails()[-1]["text"])
    assert found
    page.goto(found.group(1))
    look(page, "invitation")
    page.get_by_label("Prénom et nom").fill("Zoé Blanc")
    page.get_by_label("Mot de passe").fill("une piste rue des Lilas")
    page.get_by_role("button", name="Rejoindre l’équipe").click()
    page.wait_for_url(f"**{DESK}")
    look(page, "premiere-fois")
    page.goto(found.group(1))
    look(page, "invitation-finie")


def test_the_dashboard_in_the_dark(page: Page, busy: Petition, aicha: User) -> None:
    page.emulate_media(color_scheme="dark")
    sign_in(page, aicha)
    look(page, "nuit")
    page.goto(f"{DESK}campagnes/{busy.campaign_id}/")
    look(page, "nuit-campagne")


def test_the_menu_opens_on_a_phone(page: Page, aicha: User) -> None:
    sign_in(page, aicha)
    menu = page.get_by_role("button", name="Menu")
    if menu.is_visible():
        menu.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Bureau")).to_be_visible()
    look(page, "menu")
