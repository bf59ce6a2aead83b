"""The pages of imports in Chromium: wide and narrow, with the keyboard alone, under axe's eye."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from levier.foundation.accounts.models import User
from levier.foundation.people.actions.import_columns import SUPPORTER_TARGETS, guess
from levier.foundation.people.actions.import_files import receive_file
from levier.foundation.people.actions.import_supporters import check_supporters
from levier.foundation.people.models.imports import SupporterImport
from levier.foundation.people.tasks.imports import go_on as go_on_supporters
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.import_check import check_past
from levier.gathering.signing.actions.import_past import import_past
from levier.gathering.signing.actions.import_rows import TARGETS
from levier.gathering.signing.actions.import_undo import undo_import
from levier.gathering.signing.models.imports import ImportBatch
from tests.faces.desk.test_desk_in_the_browser import look, sign_in
from tests.importing import checked, csv_of, fresh, received, work

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("private_files"),
]
PAGE = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/importer/"
SUPPORTERS = "/tableau-de-bord/soutiens/importer/?organisation=valmont-a-velo"
HEAD = "Prénom;Nom;Adresse électronique;Code postal;Pays;Horodateur;Newsletter;Ville"
ROWS = csv_of(
    *(
        f"Éloïse;Lefèvre;eloise{n}@exemple.fr;{1000 + n};FR;{n % 28 + 1}/04/2026 09:4{n % 10};oui;"
        "Saint-Martin-de-la-Brasque"
        for n in range(80)
    ),
    "Zoé;O’Neil;pas une adresse;75011;FR;12/04/2026;;Paris",
    "=HYPERLINK(1);Bâ;ines@exemple.fr;35000;FR;12/04/2026;;Rennes",
    "Zoé;Trop;eloise3@exemple.fr;75011;FR;13/04/2026;peut-être;Paris",
    head=HEAD,
)
WORDS = {"wordings": {"consent_updates": "J’accepte de recevoir des nouvelles."}}


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, request: pytest.FixtureRequest, live_server: object) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": request.param, "height": 900}, base_url=str(live_server)
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [text for text in complaints if "status of 4" not in text] == []


def test_every_step_of_an_import_is_seen(page: Page, lilas: Petition, aicha: User) -> None:
    now = timezone.now()
    sign_in(page, aicha)
    page.goto(PAGE)
    look(page, "importer-vide")
    page.get_by_role("button", name="Déposer le fichier").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "importer-sans-fichier")

    batch = received(lilas, ROWS, now, by=aicha)
    address = f"{PAGE}{batch.pk}/"
    page.goto(address)
    look(page, "importer-colonnes")
    page.get_by_label("Horodateur").select_option("email")
    page.get_by_role("button", name="Vérifier toutes les lignes").click()
    expect(page.get_by_text("Une seule colonne peut être").first).to_be_visible()
    look(page, "importer-colonnes-fautives")

    columns = guess(batch.reading["columns"], TARGETS)
    check_past(batch=batch, mapping={"columns": columns, "country": "FR", **WORDS})
    page.goto(address)
    look(page, "importer-verification")
    work(batch)
    expect(page.get_by_role("heading", name="Voici ce qui serait écrit")).to_be_visible()
    page.get_by_text("Voir les premières").click()
    look(page, "importer-rapport")
    import_past(batch=fresh(batch), by=aicha, now=timezone.now())
    work(batch)
    page.goto(address)
    look(page, "importer-fini")
    undo_import(batch=fresh(batch), by=aicha, now=timezone.now())
    work(batch)
    page.goto(address)
    look(page, "importer-annule")
    received(lilas, b"a;b\n" + b'"' + b"x;y\n" * 90_000, now, by=aicha)
    page.goto(f"{PAGE}{ImportBatch.objects.latest('pk').pk}/")
    look(page, "importer-illisible")
    page.goto(PAGE)
    look(page, "importer-liste")


def test_supporters_come_in_by_the_same_steps(page: Page, lilas: Petition, aicha: User) -> None:
    sign_in(page, aicha)
    page.goto(SUPPORTERS)
    look(page, "soutiens-importer")
    batch = SupporterImport(organisation=lilas.campaign.organisation)
    batch = receive_file(batch=batch, pieces=[ROWS], name="s.csv", by=aicha, now=timezone.now())
    go_on_supporters(batch.pk)
    batch.refresh_from_db()
    page.goto(f"/tableau-de-bord/soutiens/importer/{batch.pk}/")
    look(page, "soutiens-colonnes")
    columns = guess(batch.reading["columns"], SUPPORTER_TARGETS)
    check_supporters(batch=batch, mapping={"columns": columns, "country": "FR"})
    go_on_supporters(batch.pk)
    page.goto(f"/tableau-de-bord/soutiens/importer/{batch.pk}/")
    expect(page.get_by_role("button", name="Importer ces personnes")).to_be_visible()
    look(page, "soutiens-rapport")


def test_a_file_comes_in_with_the_keyboard_alone(page: Page, lilas: Petition, aicha: User) -> None:
    checked(lilas, ROWS, timezone.now(), mapping=WORDS)
    batch = ImportBatch.objects.get()
    sign_in(page, aicha)
    page.goto(f"{PAGE}{batch.pk}/")
    page.get_by_role("button", name="Importer").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Import en cours…")).to_be_visible()
    work(batch)
    expect(page.get_by_role("heading", name="C’est fait")).to_be_visible()
    page.get_by_role("button", name="Annuler cet import").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Annulation en cours…")).to_be_visible()
    work(batch)
    expect(page.get_by_role("heading", name="L’import est annulé")).to_be_visible()
