"""P24 with receipts as the signing path gives them, not as a test makes them."""

from datetime import timedelta

import pytest

from levier.faces.public.front.guards import PROOF
from levier.foundation.people.models.person import ContactPoint
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.correct_address import correct_address
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from levier.gathering.signing.rules.guards import SOFT_LIMIT
from levier.gathering.signing.rules.receipts import open_receipt
from tests.cast import NOW
from tests.faces.public.fronted import Told, ask, signing
from tests.taking import form, slug_of

pytestmark = pytest.mark.django_db(transaction=True)
RIGHT = "paul@gmail.com"
# Receipts tell whole seconds; signatures do not.
SIGNED = NOW + timedelta(milliseconds=700)
SOON = SIGNED + timedelta(minutes=2)


def mend(told: Told, email: str = RIGHT) -> None:
    token = told.headers["location"].rstrip("/").rsplit("/", 1)[1]
    receipt, given_at = open_receipt(token, now=SOON)
    correct_address(receipt=receipt, given_at=given_at, email=email, now=SOON)


def addresses() -> list[str]:
    rows = Signature.objects.exclude(state=SignatureState.WITHDRAWN).order_by("pk")
    return list(rows.values_list("contact_point__typed", flat=True))


def test_P24_who_signed_corrects(lilas: Petition) -> None:
    (told,) = ask(signing(slug_of(lilas), form(email="paul@gmial.com")), now=SIGNED)
    mend(told)
    assert addresses() == [RIGHT]
    assert ContactPoint.objects.exclude(typed="").count() == 1
    assert discrepancies() == []


def test_P17_who_repeats_corrects_nothing_of_the_first(lilas: Petition) -> None:
    asked = signing(slug_of(lilas), form(email="marie@gmial.com"))
    others = (signing(slug_of(lilas), form(email=f"p{n}@exemple.fr")) for n in range(3))
    ask(asked, *others, now=SIGNED - timedelta(seconds=30))
    (again,) = ask(asked, now=SIGNED)
    mend(again)
    other_name = signing(slug_of(lilas), form(email="marie@gmial.com", first_name="Mallory"))
    (at_once,) = ask(other_name, now=SIGNED - timedelta(seconds=29))
    mend(at_once)
    assert addresses()[0] == "marie@gmial.com"
    assert RIGHT not in addresses()


def test_P23_both_halves_of_a_double_click_correct(lilas: Petition) -> None:
    asked = signing(slug_of(lilas), form(email="paul@gmial.com"))
    ask(asked, now=SIGNED)
    (second,) = ask(asked, now=SIGNED + timedelta(seconds=2))
    mend(second)
    assert addresses() == [RIGHT]


def test_P67_one_held_for_its_network_is_corrected_and_stays_held(lilas: Petition) -> None:
    slug = slug_of(lilas)
    people = [signing(slug, form(email=f"p{n}@exemple.fr")) for n in range(SOFT_LIMIT)]
    late = {**form(email="paul@gmial.com"), PROOF: ""}  # asked for a proof, it sends none
    *_, told = ask(*people, signing(slug, late), now=SIGNED)
    mend(told)
    held = Signature.objects.select_related("contact_point").get(state=SignatureState.HELD)
    assert held.contact_point is not None
    assert held.contact_point.typed == RIGHT
    tally = Tally.objects.get()
    assert (tally.counted, tally.held) == (SOFT_LIMIT, 1)
    assert discrepancies() == []


def test_P12_the_next_number_is_the_next_one(lilas: Petition) -> None:
    """The right address had signed: one number stays empty for ever, none is given twice."""
    slug = slug_of(lilas)
    ask(signing(slug, form(email=RIGHT)), now=SIGNED - timedelta(days=1))
    (told,) = ask(signing(slug, form(email="paul@gmial.com")), now=SIGNED)
    mend(told)
    ask(signing(slug, form(email="marie@exemple.fr")), now=SOON)
    numbers = Signature.objects.order_by("pk").values_list("number", "state")
    assert list(numbers) == [(1, "counted"), (2, "withdrawn"), (3, "counted")]
    assert Tally.objects.get().counted == 2
    assert discrepancies() == []
