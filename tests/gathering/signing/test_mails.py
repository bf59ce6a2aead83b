"""What signatories are told, and by whom it may be read."""

import re
from datetime import datetime

import pytest
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from levier.foundation.messaging.actions.register_template import register_template
from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.errors import MissingVariable
from levier.foundation.messaging.mails.compiled import Rendered, compiled
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.people.models.consent import ConsentState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing import mails
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.rules.links import contact_point_in, signature_in
from tests.cast import make_signature
from tests.journals import journalled

pytestmark = pytest.mark.django_db
NARROW = "\u202f"


def read(delivery: Delivery) -> Rendered:
    message = Message.objects.select_related("template").get(pk=delivery.message_id)
    return compiled(message.template).fill({**message.context, **delivery.context})


def only() -> Rendered:
    return read(Delivery.objects.get())


def thank(signature: Signature, now: datetime) -> Rendered:
    mails.thanks(signatures=[signature], now=now)
    return only()


def test_thanks_carry_the_number_the_count_and_what_is_missing(
    lilas: Petition, now: datetime
) -> None:
    Tally.objects.filter(petition=lilas).update(last_number=8_685, counted=8_685)
    letter = thank(make_signature(lilas), now)

    assert letter.subject == f"Merci, vous êtes la 8{NARROW}686e personne à signer"
    assert "Merci, Camille." in letter.text
    assert f"8{NARROW}686 signatures pour «\u00a0Une piste cyclable rue des Lilas\u00a0»" in (
        letter.text
    )
    assert f"Encore 1{NARROW}314 avant le prochain palier, 10{NARROW}000." in letter.text
    assert f"<b>8{NARROW}686<sup>e</sup></b>" in letter.html
    assert "width:86%" in letter.html


def test_P13_the_first_one_is_told_so_in_words(lilas: Petition, now: datetime) -> None:
    letter = thank(make_signature(lilas), now)
    assert letter.subject == "Merci, vous êtes la première personne à signer"
    assert "Une signature pour" in letter.text


def test_links_lead_to_that_signature_and_that_mailbox(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas)
    with override_settings(BASE_URL="https://petitions.exemple.fr"):
        letter = thank(signature, now)
    for part in (letter.text, letter.html):
        token = re.search(r"https://petitions\.exemple\.fr/confirmer/([\w-]+)/", part)
        assert token is not None
        assert signature_in(token[1], now=now) == (
            signature.pk,
            signature.contact_point_id,
        )
        mine = re.search(r"https://petitions\.exemple\.fr/moi/([\w-]+)/", part)
        assert mine is not None
        assert contact_point_in(mine[1], now=now) == signature.contact_point_id
        assert re.search(r"https://petitions\.exemple\.fr/s/c\d{7}\b", part)


def test_who_writes_and_whose_decision_it_is_are_said(lilas: Petition, now: datetime) -> None:
    letter = thank(make_signature(lilas), now)
    for words in (
        "Aïcha Benali",
        "Association Valmont à vélo, 3 rue du Lavoir, 00000 Valmont",
        "Mme Khady Diallo, 3e adjointe au maire, mobilités, Ville de Valmont",
        "le 16\u00a0septembre 2026",
    ):
        assert words in letter.text
        assert words in letter.html.replace("3<sup>e</sup>", "3e")


def test_a_confirmed_signature_is_asked_to_confirm_nothing(lilas: Petition, now: datetime) -> None:
    letter = thank(make_signature(lilas, confirmed_at=now), now)
    assert "/confirmer/" not in letter.text + letter.html
    assert "onfirme" not in letter.text


def test_P15_a_pending_signature_has_no_number_yet(lilas: Petition, now: datetime) -> None:
    letter = thank(make_signature(lilas, state=SignatureState.PENDING), now)
    assert "Elle sera comptée dès votre confirmation" in letter.text
    assert "Elle sera comptée dès votre confirmation" in letter.html
    assert "personne à signer" not in letter.subject + letter.text + letter.html


def test_P67_a_held_signature_is_released_by_its_owners_confirmation(
    lilas: Petition, now: datetime
) -> None:
    held = make_signature(lilas, state=SignatureState.HELD, reason=HoldReason.RATE)
    letter = thank(held, now)
    assert "/confirmer/" in letter.text
    assert "personne à signer" not in letter.subject + letter.text + letter.html


def test_P21_the_name_is_the_one_typed_on_that_signature(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas, first_name="Cam")
    assert signature.person is not None
    assert signature.person.first_name == "Camille"
    assert "Merci, Cam." in thank(signature, now).text


def test_J9_nobody_is_called_by_an_empty_name(lilas: Petition, now: datetime) -> None:
    letter = thank(make_signature(lilas, first_name=""), now)
    assert letter.text.startswith("Merci. Vous êtes")


def test_J11_what_was_typed_is_text_everywhere(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas, first_name="{{ author }}<mj-text>\r\nBcc: x@y.z")
    letter = thank(signature, now)
    assert "{{ author }}&lt;mj-text&gt;" in letter.html
    assert "\n" not in letter.subject


def test_news_are_promised_only_to_who_asked_for_them(lilas: Petition, now: datetime) -> None:
    without, agreed = make_signature(lilas), make_signature(lilas)
    ConsentState.objects.create(
        person_id=agreed.person_id or 0,
        **news_of(lilas.pk),
        given=True,
        at=now,
    )
    mails.thanks(signatures=[without, agreed], now=now)
    texts = {d.person_id: read(d).text for d in Delivery.objects.all()}
    assert "Je vous écrirai" in texts[agreed.person_id or 0]
    assert "Je vous écrirai" not in texts[without.person_id or 0]
    assert "vous n’en recevrez pas" in texts[without.person_id or 0]


def test_P23_thanked_twice_is_thanked_once(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas)
    mails.thanks(signatures=[signature], now=now)
    mails.thanks(signatures=[signature], now=now)
    assert Delivery.objects.get().state == DeliveryState.QUEUED
    assert Message.objects.count() == 1


@pytest.mark.parametrize("people", [1, 3])
def test_any_number_of_thanks_costs_the_same_statements(
    lilas: Petition, now: datetime, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mails.thanks(signatures=[make_signature(lilas)], now=now)  # freezes template and message
    Delivery.objects.all().delete()
    signatures = [make_signature(lilas) for _ in range(people)]
    Tally.objects.filter(petition=lilas).update(last_number=50, counted=50)
    with django_assert_num_queries(9):
        mails.thanks(signatures=signatures, now=now)
    assert Delivery.objects.count() == people


def test_P34_confirmation_is_sent_again_five_times_at_most(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas)
    for _ in range(7):
        mails.confirmation_again(signature=signature, now=now)
    sent = Delivery.objects.order_by("ordinal")
    assert [d.ordinal for d in sent] == [0, 1, 2, 3, 4]
    assert {d.contact_point_id for d in sent} == {signature.contact_point_id}
    assert "/confirmer/" in read(sent[0]).text


def test_P34_a_confirmed_signature_gets_no_confirm_link(lilas: Petition, now: datetime) -> None:
    mails.confirmation_again(signature=make_signature(lilas, confirmed_at=now), now=now)
    assert Delivery.objects.count() == 0


def test_a_withdrawal_is_acknowledged(lilas: Petition, now: datetime) -> None:
    mails.withdrawn(signature=make_signature(lilas), now=now)
    letter = only()
    assert letter.subject == "Votre signature est retirée"
    assert "/petitions/piste-cyclable-rue-des-lilas/" in letter.text
    assert "/confirmer/" not in letter.text + letter.html


def test_P29_the_personal_link_goes_to_the_mailbox_each_time_it_is_asked(
    lilas: Petition, now: datetime
) -> None:
    signature = make_signature(lilas)
    point = signature.contact_point
    assert point is not None
    for _ in range(2):
        mails.my_link(contact_point=point, now=now)
    sent = list(Delivery.objects.order_by("ordinal"))
    assert [d.contact_point_id for d in sent] == [point.pk, point.pk]
    token = re.search(r"/moi/([\w-]+)/", read(sent[1]).text)
    assert token is not None
    assert contact_point_in(token[1], now=now) == point.pk


def test_P46_who_signs_again_learns_what_their_link_brought(lilas: Petition, now: datetime) -> None:
    paul, alone = make_signature(lilas), make_signature(lilas)
    for _ in range(2):
        near = make_signature(lilas, referred_by=paul)
    make_signature(lilas, referred_by=near)
    journalled(lilas)
    mails.already(signatures={paul: 0, alone: 0}, now=now)
    told, quiet = (read(d) for d in Delivery.objects.order_by("person"))
    for part in (told.text, told.html):
        assert "Depuis, votre lien a apporté 2 signatures, et les liens de ces personnes 1 de" in (
            " ".join(part.split())
        )
    assert "votre lien a apporté" not in quiet.text
    assert "votre lien a apporté" not in quiet.html


@pytest.mark.parametrize("name", ["thanks", "already", "reminder", "confirmation"])
def test_J8_a_missing_variable_refuses_the_run(lilas: Petition, now: datetime, name: str) -> None:
    mails.thanks(signatures=[make_signature(lilas)], now=now)
    delivery = Delivery.objects.get()
    template = register_template(f"signing/{name}", now=now)
    context = {**delivery.message.context, **delivery.context}
    compiled(template).fill(context)
    for missing in ("title", "legal_name", "signed_on", "author"):
        if name != "thanks" and missing == "author":
            continue
        with pytest.raises(MissingVariable, match=missing):
            compiled(template).fill({**context, missing: None})
