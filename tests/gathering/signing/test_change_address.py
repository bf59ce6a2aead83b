"""P31: a new address takes effect when its own mailbox has said so; the old one is told."""

import re
import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection

from levier.foundation.common.tokens import BadToken, ExpiredToken
from levier.foundation.ledger.models import Entry
from levier.foundation.messaging.actions.claim import claim
from levier.foundation.messaging.enums import DeliveryState, Lane
from levier.foundation.messaging.mails.compiled import Rendered, compiled
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.people.actions.addresses import (
    cancel_proposed_address,
    forget_proposed_addresses,
)
from levier.foundation.people.actions.suppressions import suppress
from levier.foundation.people.enums import (
    ActivityKind,
    Channel,
    ContactState,
    SuppressionReason,
)
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.queries.addresses import known_addresses
from levier.foundation.people.rules import is_suppressed
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing import mails
from levier.gathering.signing.actions.change_address import change_address
from levier.gathering.signing.actions.confirm import confirm
from levier.gathering.signing.actions.erase import erase
from levier.gathering.signing.actions.request_my_link import request_my_link
from levier.gathering.signing.actions.request_new_address import PER_DAY, request_new_address
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.errors import AddressTaken, TooManyChanges
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from levier.gathering.signing.rules.links import (
    NEW_ADDRESS_AGE,
    AddressChange,
    address_change_in,
    confirmation_token,
    mailbox_from_token,
    my_token,
    proposed_address,
    signature_from_token,
)
from tests.cast import NOW, make_campaign, make_petition, make_signature, make_user

OLD, NEW = "paul@exemple.fr", "paul.tremblay@exemple.org"


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    return make_signature(lilas, OLD, confirmed_at=NOW, first_name="Paul")


def point_of(signature: Signature) -> ContactPoint:
    found = ContactPoint.objects.select_related("person", "organisation")
    return found.get(pk=signature.contact_point_id or 0)


def ask(signature: Signature, email: str = NEW) -> AddressChange:
    old = point_of(signature)
    new = request_new_address(contact_point=old, email=email, now=NOW)
    return AddressChange(old.pk, new.pk)


def letters() -> dict[str, Rendered]:
    """What each mailbox would read."""
    found = {}
    for delivery in Delivery.objects.select_related("contact_point").order_by("pk"):
        message = Message.objects.select_related("template").get(pk=delivery.message_id)
        letter = compiled(message.template).fill({**message.context, **delivery.context})
        found[delivery.contact_point.typed] = letter
    return found


def leaving() -> list[str]:
    taken = claim(lane=Lane.TRANSACTIONAL, worker=uuid.uuid4(), limit=50, now=NOW)
    return sorted(row.typed for row in taken)


def test_P31_both_mailboxes_are_told_and_nothing_changes_yet(paul: Signature) -> None:
    change = ask(paul)
    told = letters()
    assert told[NEW].subject == "Confirmez votre nouvelle adresse chez Valmont à vélo"
    assert told[OLD].subject == "Un changement d’adresse est demandé chez Valmont à vélo"
    assert "Bonjour Camille," in told[OLD].text
    assert NEW in told[OLD].text
    token = re.search(r"/moi/nouvelle-adresse/([\w-]+)/", told[NEW].text)
    assert token is not None
    assert address_change_in(token[1], now=NOW) == change
    mine = re.search(r"/moi/([\w-]+)/", told[OLD].text)
    assert mine is not None
    assert mailbox_from_token(mine[1], now=NOW).typed == OLD
    paul.refresh_from_db()
    assert paul.contact_point_id == change.old
    assert leaving() == [NEW, OLD]


def test_P31_a_stranger_at_the_new_address_learns_nothing_of_the_person(paul: Signature) -> None:
    ask(paul)
    letter = letters()[NEW]
    for part in (letter.text, letter.html):
        assert "Camille" not in part
        assert OLD not in part
        assert re.findall(r"/moi/(?!nouvelle-adresse/)", part) == []


def test_P31_takes_effect_from_the_new_mailbox(lilas: Petition, paul: Signature) -> None:
    confirm_link = confirmation_token(paul, now=NOW)
    mine = my_token(paul.contact_point_id or 0, now=NOW)
    new = change_address(change=ask(paul), now=NOW)
    paul.refresh_from_db()
    assert (new.typed, new.canonical, new.state) == (NEW, NEW, ContactState.OK)
    assert paul.contact_point == new
    assert (paul.number, paul.confirmed_at, paul.state) == (1, NOW, SignatureState.COUNTED)
    with pytest.raises(BadToken):
        mailbox_from_token(mine, now=NOW)
    with pytest.raises(BadToken):
        signature_from_token(confirm_link, now=NOW)
    assert mailbox_from_token(my_token(new.pk, now=NOW), now=NOW) == new
    assert Activity.objects.filter(kind=ActivityKind.ADDRESS_CHANGED).count() == 1
    body = bytes(Entry.objects.get().leaf).decode(errors="replace")
    assert "change_address" in body
    assert "exemple" not in body
    assert discrepancies() == []


def test_P31_every_signature_of_the_mailbox_follows(lilas: Petition, paul: Signature) -> None:
    author = make_user("a@exemple.fr", "A", lilas.campaign.organisation)
    other = make_petition(make_campaign(lilas.campaign.organisation), author, "autre")
    point = point_of(paul)
    second = make_signature(other, person=paul.person, contact_point=point)
    theirs = make_signature(lilas)
    before = theirs.contact_point_id
    new = change_address(change=ask(paul), now=NOW)
    for row in (paul, second, theirs):
        row.refresh_from_db()
    assert (paul.contact_point, second.contact_point) == (new, new)
    assert theirs.contact_point_id == before
    assert second.confirmed_at is None


def test_P31_the_old_address_is_free_for_whoever_signs_with_it(paul: Signature) -> None:
    change_address(change=ask(paul), now=NOW)
    assert not known_addresses(channel=Channel.EMAIL, canonical=OLD).exists()
    Delivery.objects.all().delete()
    request_my_link(email=OLD, now=NOW)
    assert Delivery.objects.count() == 0
    request_my_link(email=NEW, now=NOW)
    assert leaving() == [NEW]


def test_P31_an_address_that_waits_is_nobodys(paul: Signature) -> None:
    """Not found by the sign form nor by who asks for a link, and written to about itself only."""
    change = ask(paul)
    assert not known_addresses(channel=Channel.EMAIL, canonical=NEW).exists()
    request_my_link(email=NEW, now=NOW)
    Delivery.objects.all().delete()
    Signature.objects.update(contact_point=change.new)
    mails.thanks(signatures=Signature.objects.all(), now=NOW)
    assert leaving() == []
    assert Delivery.objects.get().state == DeliveryState.SUPPRESSED


def test_P31_one_that_had_refused_everything_gets_nothing(paul: Signature) -> None:
    suppress(
        organisation=paul.petition.campaign.organisation,
        channel=Channel.EMAIL,
        canonical=NEW,
        reason=SuppressionReason.ERASED,
        now=NOW,
    )
    ask(paul)
    assert leaving() == [OLD]


@pytest.mark.parametrize(
    ("reason", "carried"),
    [(SuppressionReason.UNSUBSCRIBED, True), (SuppressionReason.HARD_BOUNCE, False)],
)
def test_J3_a_refusal_follows_the_person_a_dead_mailbox_does_not(
    paul: Signature, reason: str, *, carried: bool
) -> None:
    organisation = paul.petition.campaign.organisation
    suppress(
        organisation=organisation, channel=Channel.EMAIL, canonical=OLD, reason=reason, now=NOW
    )
    change_address(change=ask(paul), now=NOW)
    refused = is_suppressed(organisation=organisation, channel=Channel.EMAIL, canonical=NEW)
    assert refused is carried


def test_P31_somebody_elses_address_is_refused_to_them_alone(
    lilas: Petition, paul: Signature
) -> None:
    marie = make_signature(lilas, NEW, first_name="Marie")
    ask(paul)
    told = letters()
    assert told[OLD].subject == "Un changement d’adresse est demandé chez Valmont à vélo"
    assert told[NEW].subject == "Cette adresse a déjà sa page chez Valmont à vélo"
    for part in (told[NEW].text, told[NEW].html):
        assert "nouvelle-adresse" not in part
        assert OLD not in part
    delivery = Delivery.objects.get(person=marie.person)
    assert delivery.contact_point_id == marie.contact_point_id
    assert leaving() == [NEW, OLD]


def test_P31_the_old_mailbox_reads_the_same_in_both_cases(lilas: Petition, paul: Signature) -> None:
    def told_to(email: str) -> str:
        Delivery.objects.all().delete()
        ask(paul, email)
        text = letters()[OLD].text.replace(email, "NEW")
        return re.sub(r"/moi/[\w-]+/", "/moi/TOKEN/", text)

    make_signature(lilas, NEW)
    assert told_to(NEW) == told_to("libre@exemple.org")


def test_P31_taken_while_the_mail_was_on_its_way(lilas: Petition, paul: Signature) -> None:
    change = ask(paul)
    make_signature(lilas, NEW)
    with pytest.raises(AddressTaken):
        change_address(change=change, now=NOW)
    paul.refresh_from_db()
    assert paul.contact_point_id == change.old
    assert point_of(paul).state == ContactState.OK
    assert Entry.objects.count() == 0


def test_P31_a_second_request_replaces_the_first(paul: Signature) -> None:
    first, second = ask(paul, "un@exemple.org"), ask(paul, "deux@exemple.org")
    with pytest.raises(BadToken):
        change_address(change=first, now=NOW)
    assert change_address(change=second, now=NOW).typed == "deux@exemple.org"
    with pytest.raises(BadToken):
        change_address(change=second, now=NOW)
    assert not ContactPoint.objects.filter(typed="un@exemple.org").exists()


def test_P31_cancelled_from_the_old_mailbox(paul: Signature) -> None:
    change = ask(paul)
    cancel_proposed_address(person=point_of(paul).person)
    with pytest.raises(BadToken):
        change_address(change=change, now=NOW)
    assert leaving() == [OLD]
    assert not ContactPoint.objects.filter(typed=NEW).exists()


def test_P31_forgotten_when_the_mailbox_does_not_answer(paul: Signature) -> None:
    change = ask(paul)
    assert forget_proposed_addresses(before=NOW) == 0
    assert forget_proposed_addresses(before=NOW + timedelta(seconds=1)) == 1
    with pytest.raises(BadToken):
        proposed_address(change)
    link = re.search(r"nouvelle-adresse/([\w-]+)/", letters()[""].text)
    assert link is not None
    with pytest.raises(ExpiredToken):
        address_change_in(link[1], now=NOW + NEW_ADDRESS_AGE + timedelta(seconds=1))


def test_P64_erasing_forgets_the_proposed_address_without_refusing_it(paul: Signature) -> None:
    ask(paul)
    organisation = paul.petition.campaign.organisation
    erase(contact_point=point_of(paul), withdraw_too=False, now=NOW)
    assert not ContactPoint.objects.exclude(typed="").exists()
    assert is_suppressed(organisation=organisation, channel=Channel.EMAIL, canonical=OLD)
    assert not is_suppressed(organisation=organisation, channel=Channel.EMAIL, canonical=NEW)


def test_P31_so_many_a_day(paul: Signature) -> None:
    for n in range(PER_DAY):
        ask(paul, f"paul{n}@exemple.org")
    sent = Delivery.objects.count()
    with pytest.raises(TooManyChanges, match="demain"):
        ask(paul)
    assert Delivery.objects.count() == sent
    waiting = ContactPoint.objects.get(state=ContactState.PENDING)
    assert waiting.typed == f"paul{PER_DAY - 1}@exemple.org"
    later = NOW + timedelta(days=1, seconds=1)
    request_new_address(contact_point=point_of(paul), email=NEW, now=later)


@pytest.mark.django_db(transaction=True)
def test_P31_pressed_twice_at_once_while_signatures_are_confirmed(lilas: Petition) -> None:
    paul = make_signature(lilas, OLD)
    change = ask(paul)
    ready = threading.Barrier(4)
    refused: list[BaseException] = []
    failures: list[BaseException] = []

    def press() -> None:
        try:
            ready.wait(timeout=10)
            change_address(change=change, now=NOW)
        except BadToken as error:
            refused.append(error)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    def say() -> None:
        try:
            ready.wait(timeout=10)
            confirm(signature_id=paul.pk, now=NOW)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=action) for action in (press, press, say, say)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (len(refused), failures) == (1, [])
    paul.refresh_from_db()
    assert (paul.contact_point_id, paul.confirmed_at) == (change.new, NOW)
    tally = Tally.objects.get()
    assert (tally.counted, tally.confirmed) == (1, 1)
    assert Activity.objects.filter(kind=ActivityKind.ADDRESS_CHANGED).count() == 1
