"""P68: what was held is looked at, then counted or set aside."""

import pytest
from django.test import Client

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from tests.cast import make_campaign, make_petition, make_signature
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
HELD = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/a-verifier/"


@pytest.fixture
def desk(seat: SeatedAt, aicha: User) -> Client:
    return seat(aicha)


def held(petition: Petition, name: str) -> Signature:
    return make_signature(petition, first_name=name, state="held", reason="rate")


def test_P68_the_chosen_ones_are_counted_and_the_others_wait(desk: Client, lilas: Petition) -> None:
    chosen, other = held(lilas, "Paul"), held(lilas, "Inès")
    page = desk.get(HELD).text
    assert "trop d’envois depuis la même connexion" in page.lower()
    page = desk.post(f"{HELD}compter/", {"signature": [chosen.pk]}, follow=True).text
    assert "signature est comptée" in page
    chosen.refresh_from_db()
    other.refresh_from_db()
    assert (chosen.state, chosen.number) == ("counted", 1)
    assert (other.state, other.number) == ("held", None)
    tally = Tally.objects.get(petition=lilas)
    assert (tally.counted, tally.held) == (1, 1)


def test_P68_the_chosen_ones_are_set_aside(desk: Client, lilas: Petition) -> None:
    one = held(lilas, "Paul")
    desk.post(f"{HELD}ecarter/", {"signature": [one.pk]})
    one.refresh_from_db()
    assert one.state == "rejected"
    assert Tally.objects.get(petition=lilas).held == 0


def test_a_counted_signature_cannot_be_set_aside_from_here(desk: Client, lilas: Petition) -> None:
    counted = make_signature(lilas)
    elsewhere = make_petition(make_campaign(lilas.campaign.organisation), lilas.author, "autre")
    theirs = held(elsewhere, "Zoé")
    for pk in (counted.pk, theirs.pk, "x", "9" * 30, "-1", "²"):
        page = desk.post(f"{HELD}ecarter/", {"signature": [pk]}, follow=True).text
        assert "Cochez d’abord" in page
    counted.refresh_from_db()
    theirs.refresh_from_db()
    assert (counted.state, theirs.state) == ("counted", "held")


def test_nothing_to_look_at_says_so(desk: Client, lilas: Petition) -> None:
    assert "Rien à vérifier" in desk.get(HELD).text
