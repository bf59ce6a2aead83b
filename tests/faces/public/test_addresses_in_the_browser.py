"""P24 and P31 in Chromium, with the keyboard alone, wide and narrow, under axe's eye."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import ContactState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.rules.receipts import Receipt, seal_receipt
from tests.cast import make_signature
from tests.corrections import do_asked_corrections
from tests.faces.public.test_me_in_the_browser import link, look, page, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["page"]


def thanks(signature: Signature) -> str:
    code = ReferralCode.objects.get(signature=signature).code
    number = signature.number
    receipt = Receipt(signature.petition_id, code, number, "Camille", "p•••••@gmial.com", False)
    token = seal_receipt(receipt, now=timezone.now())
    return f"/petitions/piste-cyclable-rue-des-lilas/merci/{token}/"


def address_of(signature: Signature) -> str:
    do_asked_corrections()
    return Signature.objects.values_list("contact_point__typed", flat=True).get(pk=signature.pk)


def test_P24_corrected_with_the_keyboard_alone(
    page: Page, lilas: Petition, live_server: object
) -> None:
    signature = make_signature(lilas, "paul@gmial.com", signed_at=timezone.now())
    Tally.objects.update(counted=8686, last_number=8686)
    page.goto(f"{live_server}{thanks(signature)}")
    expect(page.get_by_text("Vouliez-vous écrire …@gmail.com")).to_be_visible()
    look(page, "merci-adresse")
    page.get_by_label("La bonne adresse électronique").focus()
    page.keyboard.type("paul@gmail.con")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Non, garder paul@gmail.con")).to_be_visible()
    look(page, "merci-doute")
    press(page, "Oui, cette adresse")
    expect(page.get_by_text("p•••••@gmail.com")).to_be_visible()
    expect(page.get_by_text("Ce n’est pas la bonne adresse")).to_be_visible()
    look(page, "merci-corrigee")
    assert address_of(signature) == "paul@gmail.com"
    press(page, "Ce n’est pas la bonne adresse")
    page.keyboard.press("Tab")
    page.keyboard.type("paul")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cette adresse ne semble pas complète")).to_be_visible()
    look(page, "merci-erreur")


def test_P24_without_javascript(browser: Browser, lilas: Petition, live_server: object) -> None:
    signature = make_signature(lilas, "paul@gmial.com", signed_at=timezone.now())
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{live_server}{thanks(signature)}")
    plain.get_by_label("La bonne adresse électronique").fill("paul@exemple.fr")
    plain.get_by_role("button", name="Corriger mon adresse").click()
    expect(plain.get_by_text("p•••••@exemple.fr")).to_be_visible()
    assert address_of(signature) == "paul@exemple.fr"
    assert context.cookies() == []
    context.close()


def test_P31_changed_with_the_keyboard_alone(
    page: Page, lilas: Petition, live_server: object
) -> None:
    signature = make_signature(lilas, "paul.tremblay@exemple.fr", confirmed_at=timezone.now())
    page.goto(f"{live_server}{link(signature)}")
    press(page, "Changer d’adresse…")
    expect(page.get_by_role("heading", name="Changer d’adresse")).to_be_visible()
    look(page, "moi-adresse")
    page.get_by_label("Votre nouvelle adresse électronique").focus()
    page.keyboard.type("paul.tremblay.de.la.rue.des.lilas@association-de-quartier.example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nous attendons la confirmation de")).to_be_visible()
    look(page, "moi-attente")
    mail = Delivery.objects.get(contact_point__state=ContactState.PENDING)
    found = re.search(r"/moi/nouvelle-adresse/[\w-]+/", mail.context["confirm_url"])
    assert found is not None
    page.goto(f"{live_server}{found[0]}")
    look(page, "nouvelle-adresse")
    press(page, "Je confirme cette adresse")
    expect(page.get_by_text("Votre nouvelle adresse est confirmée.")).to_be_visible()
    look(page, "moi-confirmee")
