"""The pages of supporters in Chromium: wide and narrow, by keyboard alone, under axe's eye."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from levier.foundation.accounts.models import User
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.resemblances import find_resemblances
from levier.foundation.people.actions.tags import find_or_make_tag, tag_people
from levier.foundation.people.enums import Exported
from levier.foundation.people.models.export import Export
from levier.foundation.people.models.note import Note
from levier.foundation.people.models.person import Person
from levier.foundation.people.models.segment import Segment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from tests.cast import NOW, make_signature, person_of
from tests.faces.desk.people.conftest import Index

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = os.environ.get("LEVIER_TEST_PICTURES", "")  # a folder to look at the pages in
PEOPLE = "/tableau-de-bord/soutiens/"
NAMES = ["Camille Roche", "Paul Tremblay", "Inès Da Silva", "Zoé O’Neil", "Ousmane Bâ"]


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
    assert [text for text in complaints if "status of 4" not in text] == []


@pytest.fixture
def busy(lilas: Petition, aicha: User, index: Index) -> list[Person]:
    """Five people, two of whom are one; a tag, a note, an agreement, a segment, an export."""
    people = []
    for n, name in enumerate(NAMES):
        first, last = name.split(" ", 1)
        person = person_of(make_signature(lilas, f"n{n}@exemple.fr", first_name=first))
        Person.objects.filter(pk=person.pk).update(first_name=first, last_name=last)
        people.append(person)
    twin = person_of(make_signature(lilas, "camille@travail.example"))
    tag = find_or_make_tag(organisation=twin.organisation, name="presse", now=NOW)
    tag_people(tag=tag, person_ids=[twin.pk, people[1].pk], by=aicha, now=NOW)
    news = news_of(lilas.pk)
    give_consent(person=people[0], **news, wording="Je veux tout savoir", source="moi", now=NOW)
    Note.objects.create(person=people[0], text="Tient un café.", by=aicha, at=NOW)
    conditions = {"kind": "lieu", "not": False, "values": {"debut": "35"}}
    Segment.objects.create(
        organisation=twin.organisation, name="Ille-et-Vilaine", by=aicha, at=NOW, changed_at=NOW,
        conditions={"mode": "all", "groups": [{"mode": "all", "conditions": [conditions]}]},
    )  # fmt: skip
    Export.objects.create(
        organisation=twin.organisation, what=Exported.SUPPORTERS, subject="", rows=6, by=aicha,
        at=NOW, filters="Toutes les personnes.", columns="prénom, nom",
    )  # fmt: skip
    index()
    find_resemblances(organisation_id=twin.organisation_id, now=NOW)
    return [*people, twin]


def sign_in(page: Page, user: User) -> None:
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe").fill("demonstration")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/tableau-de-bord/**")


def look(page: Page, name: str) -> None:
    """Nothing for axe to say, nothing wider than the window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, f"{name}: {wider} px too wide"
    if SEEN:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(SEEN) / f"soutiens-{name}-{width}.png", full_page=True)


def test_every_page_of_supporters(page: Page, busy: list[Person], aicha: User) -> None:
    sign_in(page, aicha)
    first, twin = busy[0], busy[-1]
    addresses = {
        "liste": PEOPLE,
        "filtres": f"{PEOPLE}?recherche=camille&lieu=35",
        "personne-de-ce-nom": f"{PEOPLE}?recherche=personne",
        "fiche": f"{PEOPLE}{first.pk}/",
        "plus-ancien": f"{PEOPLE}{first.pk}/avant/",
        "oublier": f"{PEOPLE}{first.pk}/oublier/",
        "comparer": f"{PEOPLE}{first.pk}/et/{twin.pk}/",
        "segments": f"{PEOPLE}segments/",
        "segment": f"{PEOPLE}segments/{Segment.objects.get().pk}/",
        "etiquettes": f"{PEOPLE}etiquettes/",
        "etiqueter": f"{PEOPLE}etiquettes/mettre-sur-tous/?lieu=35",
        "doublons": f"{PEOPLE}doublons/",
        "conservation": f"{PEOPLE}conservation/",
        "exporter": f"{PEOPLE}exporter/",
        "journal": "/tableau-de-bord/journal-des-exports/",
    }
    for name, address in addresses.items():
        page.goto(address)
        look(page, name)


def test_a_person_is_found_tagged_and_merged_with_the_keyboard(
    page: Page, busy: list[Person], aicha: User
) -> None:
    sign_in(page, aicha)
    page.goto(PEOPLE)
    page.get_by_label("Nom, courriel, téléphone ou code postal").focus()
    page.keyboard.type("inès da")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Inès Da Silva")).to_be_visible()
    expect(page.get_by_text("1 personne", exact=True)).to_be_visible()
    page.get_by_role("checkbox", name="Inès Da Silva").focus()
    page.keyboard.press("Space")
    page.get_by_label("Étiquette pour les personnes cochées").focus()
    page.keyboard.type("bénévole")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("est mise sur 1 personne")
    page.goto(f"{PEOPLE}doublons/")
    page.get_by_role("link", name="Comparer Camille Roche").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Garder cette fiche Camille Roche").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("n’en font plus qu’une")
    expect(page.get_by_text("n0@exemple.fr")).to_be_visible()
    expect(page.get_by_text("camille@travail.example")).to_be_visible()
    look(page, "fusionnee")
    page.get_by_role("button", name="Défaire la fusion").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("La fusion est défaite")


def test_a_segment_is_written_with_the_keyboard(
    page: Page, busy: list[Person], aicha: User
) -> None:
    sign_in(page, aicha)
    page.goto(f"{PEOPLE}segments/nouveau/")
    page.get_by_label("Nom", exact=True).focus()
    page.keyboard.type("Presse")
    page.get_by_label("Ajouter une condition").select_option("etiquette")
    page.get_by_role("button", name="Ajouter", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Étiquette", exact=True).select_option(label="presse")
    page.get_by_role("button", name="Relire et compter").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("2 personnes")
    page.get_by_role("button", name="Enregistrer").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Presse", exact=True)).to_be_visible()
