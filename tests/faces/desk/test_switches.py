"""Switches at the desk and from the machine (P71)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from levier.foundation.accounts.models import Membership, User
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.switch import Switch
from levier.gathering.petitions.rules.switches import thrown_for
from tests.cast import make_campaign, make_petition
from tests.faces.desk.conftest import SeatedAt
from tests.faces.public.page import html, words

pytestmark = pytest.mark.django_db
SLUG = "piste-cyclable-rue-des-lilas"
PAGE = f"/tableau-de-bord/petitions/{SLUG}/interrupteurs/"
OTHER = "liberez-la-parole"
SITE = "/tableau-de-bord/interrupteurs/"


def audits(act: bytes) -> int:
    return sum(act in bytes(entry.leaf) for entry in Entry.objects.filter(kind=EntryKind.AUDIT))


def test_P71_a_switch_is_thrown_with_its_sentence_then_taken_back(
    lilas: Petition, seat: SeatedAt, hugo: User
) -> None:
    client = seat(hugo)
    client.post(f"{PAGE}hold/", {"hold-sentence": "On relit tout ce soir."})
    thrown = Switch.objects.get()
    assert (thrown.kind, thrown.petition, thrown.thrown_by) == ("hold", lilas, hugo)
    assert thrown_for(lilas).hold == "On relit tout ce soir."
    assert "On relit tout ce soir." in html(client.get(PAGE))
    client.post(f"{PAGE}hold/", {"hold-sentence": "Encore une heure."})
    assert Switch.objects.get().sentence == "Encore une heure."
    assert Switch.objects.get().thrown_at == thrown.thrown_at
    client.post(f"{PAGE}hold/arreter/")
    assert not Switch.objects.exists()
    assert audits(b"set_switch") == 3


def test_P71_taking_back_what_is_not_thrown_writes_nothing(
    lilas: Petition, seat: SeatedAt, hugo: User
) -> None:
    seat(hugo).post(f"{PAGE}captcha/arreter/")
    assert audits(b"set_switch") == 0


@pytest.mark.parametrize("sentence", ["", "   ", "x" * 301, "\x00"])
def test_P71_a_switch_without_a_sentence_is_not_thrown(
    lilas: Petition, seat: SeatedAt, hugo: User, sentence: str
) -> None:
    response = seat(hugo).post(f"{PAGE}comments/", {"comments-sentence": sentence})
    assert response.status_code == 422
    assert not Switch.objects.exists()
    assert "Rien n’est perdu" in words(response)


@pytest.mark.parametrize("kind", ["launch", "rien", "signatures-"])
def test_P71_a_petition_has_only_its_own_switches(
    lilas: Petition, seat: SeatedAt, hugo: User, kind: str
) -> None:
    response = seat(hugo).post(f"{PAGE}{kind}/", {f"{kind}-sentence": "Non."})
    assert response.status_code == 404


def test_P71_owners_of_the_organisation_that_runs_the_site_stop_all(
    lilas: Petition, seat: SeatedAt, aicha: User, claire: User, hugo: User
) -> None:
    other = make_petition(
        make_campaign(Membership.objects.get(user=claire).organisation), claire, slug=OTHER
    )
    assert seat(claire).get(SITE).status_code == 404
    assert seat(hugo).get(SITE).status_code == 403
    posted = {"signatures-sentence": "Panne, revenez demain."}
    assert seat(claire).post(f"{SITE}signatures/", posted).status_code == 404
    client = seat(aicha)
    assert "Les interrupteurs du site entier" in words(client.get(PAGE))
    assert client.post(f"{SITE}signatures/", posted).status_code == 302
    assert thrown_for(lilas).signatures == thrown_for(other).signatures == "Panne, revenez demain."
    assert "Panne, revenez demain." in words(seat(claire).get(PAGE.replace(SLUG, OTHER)))
    assert client.post(f"{SITE}signatures/arreter/").status_code == 302
    assert thrown_for(other).signatures == ""
    assert client.post(f"{SITE}launch/", {"launch-sentence": "Plus tard."}).status_code == 302


def test_P71_an_observer_may_not(lilas: Petition, seat: SeatedAt, olga: User) -> None:
    assert seat(olga).get(PAGE).status_code == 403
    assert seat(olga).post(f"{PAGE}hold/", {"hold-sentence": "Oui."}).status_code == 403
    assert not Switch.objects.exists()


def said(*arguments: str, **options: str) -> str:
    out = StringIO()
    call_command("switch", *arguments, stdout=out, **options)
    return out.getvalue()


def test_P71_an_operator_throws_a_switch_from_the_machine(lilas: Petition) -> None:
    told = said("signatures", "on", "--sentence", "Panne : revenez à midi.")
    assert "activé : Panne : revenez à midi." in told
    assert thrown_for(lilas).signatures == "Panne : revenez à midi."
    assert Switch.objects.get().thrown_by is None
    said("captcha", "on", "--petition", SLUG)
    assert "des robots" in thrown_for(lilas).captcha.lower()
    assert "non activé" in said("signatures", "off")
    assert thrown_for(lilas).signatures == ""
    assert "captcha" in said("--petition", SLUG)
    assert audits(b"set_switch") == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("rien", "on"),
        ("signatures", "peut-être"),
        ("signatures",),
        ("launch", "on", "--petition", SLUG),
        ("hold", "on", "--petition", "rien"),
        ("hold", "on", "--sentence", "x" * 301),
    ],
)
def test_P71_the_machine_refuses_what_makes_no_sense(
    lilas: Petition, arguments: tuple[str, ...]
) -> None:
    with pytest.raises(CommandError):
        said(*arguments)
    assert not Switch.objects.exists()


def test_P71_without_an_organisation_there_is_no_log_to_write_in(db: None) -> None:
    with pytest.raises(CommandError):
        said("hold", "on")


def test_P71_launches_stop_at_the_desk_too_and_nothing_typed_is_lost(
    lilas: Petition, seat: SeatedAt, hugo: User
) -> None:
    said("launch", "on", "--sentence", "Plus de nouvelle pétition avant lundi.")
    typed = {"title": "Des bancs", "ask": "Que M. Roux pose dix bancs.", "country": "FR"}
    response = seat(hugo).post(
        "/tableau-de-bord/petitions/nouvelle/", {**typed, "story": "Il en faut."}
    )
    assert response.status_code == 422
    assert "Plus de nouvelle pétition avant lundi." in words(response)
    assert "Des bancs" in html(response)
    assert Petition.objects.count() == 1
