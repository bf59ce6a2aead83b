"""The sealed pages in Chromium: wide and narrow, without a mouse, under axe's eye."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from levier.foundation.people.actions.consents import give_consent
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.rules.links import CONFIRMATION_AGE, confirmation_token, my_token
from tests.cast import NOW, make_campaign, make_petition, make_signature
from tests.journals import journalled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEN = os.environ.get("LEVIER_TEST_PICTURES", "")  # a folder to look at the pages in


@pytest.fixture(params=[1280, 390])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [text for text in complaints if "status of 4" not in text] == []


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    """Several signatures in every state, words, agreements, and people his link brought."""
    signature = make_signature(
        lilas,
        "paul.tremblay@exemple.fr",
        first_name="Paul",
        last_name="Tremblay",
        show_name=True,
        confirmed_at=NOW,
    )
    person = signature.person
    assert person is not None
    Comment.objects.create(
        petition=lilas,
        person=person,
        text="Ma fille traverse la rue des Lilas chaque matin, et chaque matin j’ai peur.",
        state=CommentState.PUBLISHED,
        created_at=NOW,
    )
    for _ in range(3):
        make_signature(lilas, referred_by=signature)
    journalled(lilas)
    for n, (state, reason) in enumerate(
        [(SignatureState.PENDING, ""), (SignatureState.WITHDRAWN, HoldReason.DISOWNED)]
    ):
        petition = make_petition(
            make_campaign(lilas.campaign.organisation), lilas.author, f"petition-{n}"
        )
        make_signature(petition, person=person, state=state, reason=reason)
    give_consent(
        person=person,
        **news_of(lilas.pk),
        wording="Je veux recevoir les nouvelles de cette pétition, une par jour au plus.",
        source=f"signature:{signature.pk}",
        now=NOW,
    )
    return signature


def look(page: Page, name: str) -> None:
    """Nothing for axe to say, nothing wider than the window; a picture when asked for."""
    if SEEN:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(SEEN) / f"{name}-{width}.png", full_page=True)
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def press(page: Page, name: str) -> None:
    """Reach a control with the Tab key alone, and press it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        reached = page.evaluate("document.activeElement.innerText || ''")
        if reached.replace("\xa0", " ").strip().startswith(name):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"« {name} » cannot be reached with the keyboard")


def link(signature: Signature) -> str:
    return f"/moi/{my_token(signature.contact_point_id or 0, now=timezone.now())}/"


def test_confirming_with_the_keyboard_alone(
    page: Page, lilas: Petition, live_server: object
) -> None:
    signature = make_signature(lilas, first_name="Paul", last_name="Tremblay")
    token = confirmation_token(signature, now=timezone.now())
    page.goto(f"{live_server}/confirmer/{token}/")
    look(page, "confirm-ask")
    press(page, "Je confirme ma signature")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre signature est confirmée")
    look(page, "confirm-done")
    assert Tally.objects.get(petition=lilas).confirmed == 1


def test_disowning_with_the_keyboard_alone(
    page: Page, lilas: Petition, live_server: object
) -> None:
    signature = make_signature(lilas)
    token = confirmation_token(signature, now=timezone.now())
    page.goto(f"{live_server}/confirmer/{token}/")
    press(page, "Ce n’était pas moi")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ce n’était pas vous")
    look(page, "confirm-gone")


def test_expired_and_broken_links(page: Page, lilas: Petition, live_server: object) -> None:
    signature = make_signature(lilas)
    old = confirmation_token(signature, now=timezone.now() - 2 * CONFIRMATION_AGE)
    page.goto(f"{live_server}/confirmer/{old}/")
    look(page, "confirm-expired")
    press(page, "Recevoir un nouveau lien")
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre courriel")
    look(page, "confirm-sent")
    page.goto(f"{live_server}/moi/nimporte-quoi/")
    look(page, "me-stale")


def test_asking_for_the_link(page: Page, paul: Signature, live_server: object) -> None:
    page.goto(f"{live_server}/moi/")
    look(page, "me-ask")
    page.get_by_label("Votre adresse électronique").fill("paul")
    press(page, "Recevoir mon lien")
    expect(page.get_by_text("ne semble pas complète")).to_be_visible()
    look(page, "me-ask-wrong")
    page.get_by_label("Votre adresse électronique").fill("paul.tremblay@exemple.fr")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre courriel")
    look(page, "me-sent")


def test_my_page_and_its_steps(page: Page, paul: Signature, live_server: object) -> None:
    page.goto(f"{live_server}{link(paul)}")
    expect(page.get_by_text("a apporté 3 signatures")).to_be_visible()
    look(page, "me")
    press(page, "Arrêter")
    expect(page.get_by_role("status")).to_contain_text("nous arrêtons")
    look(page, "me-stopped")
    correct = page.get_by_role("link", name="Corriger").last
    correct.click()
    look(page, "me-correct")
    page.get_by_label("Prénom", exact=True).fill("")
    press(page, "Enregistrer")
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "me-correct-wrong")
    page.goto(f"{live_server}{link(paul)}signatures/{paul.pk}/commentaire/")
    look(page, "me-comment")
    page.goto(f"{live_server}{link(paul)}effacer/")
    look(page, "me-forget")


def test_withdrawing_with_the_keyboard_alone(
    page: Page, paul: Signature, live_server: object
) -> None:
    page.goto(f"{live_server}{link(paul)}signatures/{paul.pk}/retirer/")
    look(page, "me-withdraw")
    press(page, "Retirer ma signature")
    expect(page.get_by_role("status")).to_contain_text("Votre signature est retirée")
    paul.refresh_from_db()
    assert paul.state == SignatureState.WITHDRAWN
    look(page, "me-withdrawn")
