"""`levier journals` compares, mends, and makes again."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.journals import AreaTally, JournalLine
from tests.cast import make_signature
from tests.journals import told, true

pytestmark = pytest.mark.django_db
SLUG = "piste-cyclable-rue-des-lilas"


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("journals", *arguments, stdout=out)
    return out.getvalue()


def test_it_mends_what_differs_and_says_how_much(lilas: Petition) -> None:
    for _ in range(3):
        make_signature(lilas)
    assert said() == "3 signature(s) comptées autrement\n"
    assert told(lilas) == true(lilas)
    assert said() == "0 signature(s) comptées autrement\n"


def test_it_says_which_petition_did_not_add_up(lilas: Petition) -> None:
    make_signature(lilas)
    said()
    AreaTally.objects.update(counted=12)
    assert f"pétition {lilas.pk} : décomptes refaits" in said().replace("\u00a0", " ")
    assert told(lilas) == true(lilas)


def test_it_makes_those_of_a_petition_again_from_nothing(lilas: Petition) -> None:
    make_signature(lilas)
    JournalLine.objects.create(
        signature=10**9, petition=lilas, day="2020-01-01", counted=True, confirmed=False
    )
    assert said(SLUG).replace("\u00a0", " ") == f"{SLUG} : 1 signature(s) comptées de nouveau\n"
    assert told(lilas) == true(lilas)
    assert JournalLine.objects.count() == 1


def test_an_unknown_address_is_said(lilas: Petition) -> None:
    with pytest.raises(CommandError, match="Aucune pétition à l’adresse rien-ici"):
        said("rien-ici")
