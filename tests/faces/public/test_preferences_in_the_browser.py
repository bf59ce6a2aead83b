"""What is received, seen in Chromium in two widths, chosen and left with the keyboard alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from levier.foundation.messaging.rules.addresses import (
    PREFERENCES_AGE,
    preferences_token,
    unsubscribe_token,
)
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.rules.links import my_token
from tests.cast import NOW, make_petition, make_signature, person_of
from tests.faces.public.test_me_in_the_browser import look, page, press

__all__ = ["page"]  # the fixture: a wide window and a narrow one
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALLS = {"channel": Channel.PHONE, "purpose": Purpose.CONTINUE, "scope": ""}


@pytest.fixture
def paul(lilas: Petition) -> Person:
    """Signed two petitions, wants the news of both and may be called."""
    signature = make_signature(lilas, "paul.tremblay@exemple.fr", first_name="Paul")
    person = person_of(signature)
    other = make_petition(lilas.campaign, lilas.author, "autre")
    make_signature(other, person=person)
    for what in (news_of(lilas.pk), news_of(other.pk), CALLS):
        source = f"signature:{signature.pk}"
        give_consent(person=person, **what, wording="Oui, merci.", source=source, now=NOW)
    return person


def given(person: Person) -> set[str]:
    states = ConsentState.objects.filter(person=person, given=True)
    return {scope or purpose for purpose, scope in states.values_list("purpose", "scope")}


def test_J30_choosing_with_the_keyboard_alone(
    page: Page, paul: Person, lilas: Petition, live_server: object
) -> None:
    token = preferences_token(person=paul.pk, now=timezone.now())
    page.goto(f"{live_server}/preferences/{token}/")
    look(page, "preferences")
    page.get_by_label("Une piste cyclable rue des Lilas").first.focus()
    page.keyboard.press("Space")
    press(page, "Enregistrer mes choix")
    expect(page.get_by_role("status")).to_contain_text("C’est enregistré.")
    look(page, "preferences-saved")
    assert len(given(paul)) == 2
    press(page, "Tout arrêter")
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est fait.")
    look(page, "preferences-stopped")
    press(page, "Revoir mes choix")
    expect(page.get_by_text("Vous avez tout arrêté le")).to_be_visible()
    look(page, "preferences-after")
    assert given(paul) == set()


def test_an_old_link_still_stops(page: Page, paul: Person, live_server: object) -> None:
    old = timezone.now() - PREFERENCES_AGE - timedelta(days=1)
    page.goto(f"{live_server}/preferences/{preferences_token(person=paul.pk, now=old)}/")
    look(page, "preferences-old")
    press(page, "Tout arrêter")
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est fait.")
    assert given(paul) == set()


def test_U35_leaving_with_the_keyboard_alone(
    page: Page, paul: Person, lilas: Petition, live_server: object
) -> None:
    token = unsubscribe_token(
        person=paul.pk,
        purpose=Purpose.PETITION_NEWS,
        scope=f"petition:{lilas.pk}",
        now=timezone.now(),
    )
    page.goto(f"{live_server}/desabonnement/{token}/")
    look(page, "unsubscribe")
    press(page, "Me désabonner")
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est fait.")
    look(page, "unsubscribe-done")
    assert len(given(paul)) == 2
    press(page, "Me désabonner de tout")
    expect(page.get_by_role("status")).to_contain_text("ne vous écrira plus")
    look(page, "unsubscribe-all")
    assert given(paul) == set()
    press(page, "Choisir ce que je reçois")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que je reçois")


def test_my_page_lists_the_news_petition_by_petition(
    page: Page, paul: Person, live_server: object
) -> None:
    mailbox = ContactPoint.objects.get(person=paul)
    page.goto(f"{live_server}/moi/{my_token(mailbox.pk, now=timezone.now())}/")
    section = page.get_by_role("region", name="Ce que j’accepte de recevoir")
    expect(section.get_by_role("button", name="Arrêter", exact=True)).to_have_count(3)
    look(page, "me-agreements")
    press(page, "Tout arrêter")
    expect(page.get_by_text("Vous avez tout arrêté le")).to_be_visible()
    look(page, "me-agreements-stopped")
