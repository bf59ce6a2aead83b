"""P70 at the desk: the count and twenty examples first, a reason, progress, a way to stop."""

import re

import pytest
from django.test import Client

from levier.foundation.accounts.models import Organisation
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.bulk_decision import BulkDecision
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.tasks.bulk import run_bulk_decision
from tests.cast import make_campaign, make_petition, make_signature, make_user
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
LILAS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"
NEW = f"{LILAS}decisions/nouvelle/"
RAFALE = {"quoi": "ecarter", "domaine": "rafale.example"}


@pytest.fixture
def desk(seat: SeatedAt, lilas: Petition) -> Client:
    return seat(lilas.author)


def hidden(page: str) -> dict[str, str]:
    """What the page's own form would send."""
    form = page[page.index('<form class="flow narrow"') :]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_P70_the_count_and_twenty_examples_come_first(desk: Client, lilas: Petition) -> None:
    for n in range(23):
        make_signature(lilas, f"a{n}@rafale.example")
    make_signature(lilas, "paul@exemple.fr")
    page = desk.get(NEW, RAFALE).text
    assert "Écarter 23 signatures" in page
    assert "Les 20 plus récentes, sur 23" in page
    assert page.count("@rafale.example") == 20
    assert "paul@exemple.fr" not in page
    assert not BulkDecision.objects.exists()


def test_P70_a_decision_wants_a_reason_and_loses_nothing(desk: Client, lilas: Petition) -> None:
    make_signature(lilas, "a1@rafale.example")
    sent = hidden(desk.get(NEW, RAFALE).text)
    response = desk.post(NEW, {**sent, "reason": " "})
    assert response.status_code == 422
    assert "Rien n’est perdu" in response.text
    assert hidden(response.text)["domaine"] == "rafale.example"
    assert not BulkDecision.objects.exists()


def test_P70_decided_watched_and_undone(desk: Client, lilas: Petition) -> None:
    for n in range(3):
        make_signature(lilas, f"a{n}@rafale.example")
    sent = hidden(desk.get(NEW, RAFALE).text)
    response = desk.post(NEW, {**sent, "reason": "Rafale de nuit"})
    decision = BulkDecision.objects.get()
    assert response["Location"] == f"{LILAS}decisions/{decision.pk}/"
    page = desk.get(response["Location"]).text
    assert "Va commencer" in page
    assert "0 faite sur 3" in page
    assert "Arrêter là" in page
    run_bulk_decision(decision=decision.pk)
    piece = desk.get(response["Location"], headers={"HX-Request": "true"}).text
    assert "<html" not in piece
    assert "3 faites sur 3" in piece
    assert "hx-get" not in piece  # nothing more to wait for
    response = desk.post(f"{LILAS}decisions/{decision.pk}/annuler/")
    back = BulkDecision.objects.get(undoes=decision)
    run_bulk_decision(decision=back.pk)
    assert set(Signature.objects.values_list("state", flat=True)) == {"counted"}
    page = desk.get(f"{LILAS}decisions/").text
    assert "Rafale de nuit" in page
    assert "Remettre 3 signatures comme avant" in page


def test_P70_stopped_it_says_what_was_left(desk: Client, lilas: Petition) -> None:
    for n in range(2):
        make_signature(lilas, f"a{n}@rafale.example")
    sent = hidden(desk.get(NEW, RAFALE).text)
    desk.post(NEW, {**sent, "reason": "Rafale"})
    decision = BulkDecision.objects.get()
    page = desk.post(f"{LILAS}decisions/{decision.pk}/arreter/", follow=True).text
    assert "2 signatures n’ont pas été touchées" in page
    run_bulk_decision(decision=decision.pk)
    assert set(Signature.objects.values_list("state", flat=True)) == {"counted"}


def test_P70_a_list_that_changed_is_shown_again(desk: Client, lilas: Petition) -> None:
    first = make_signature(lilas, "a1@rafale.example")
    make_signature(lilas, "a2@rafale.example")
    sent = hidden(desk.get(NEW, RAFALE).text)
    Signature.objects.filter(pk=first.pk).update(state="withdrawn")
    response = desk.post(NEW, {**sent, "reason": "Rafale"})
    assert response.status_code == 422
    assert "La liste a changé entre-temps" in response.text
    assert hidden(response.text)["expected"] == "1"


@pytest.mark.parametrize(
    "bad",
    [
        {"expected": "x"},
        {"seen_at": "hier"},
        {"expected": "-1"},
        {"connexion": "zz"},
        {"heure": "2026-99"},
        {"quoi": "bruler"},
        {"raison": "inconnue"},
    ],
)
def test_impossible_answers_decide_nothing_and_break_nothing(
    bad: dict[str, str], desk: Client, lilas: Petition
) -> None:
    make_signature(lilas, "a1@rafale.example")
    sent = hidden(desk.get(NEW, RAFALE).text)
    response = desk.post(NEW, {**sent, "reason": "", **bad})
    assert response.status_code == 422
    assert not BulkDecision.objects.exists()


def test_another_petitions_decision_is_not_found_here(desk: Client, lilas: Petition) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), lilas.author, "autre")
    decision = BulkDecision.objects.create(
        petition=other,
        verb="reject",
        reason="x",
        total=0,
        by=lilas.author,
        decided_at=lilas.created_at,
    )
    assert desk.get(f"{LILAS}decisions/{decision.pk}/").status_code == 404


def test_an_observer_decides_nothing(
    lilas: Petition, seat: SeatedAt, valmont: Organisation
) -> None:
    olga = seat(make_user("olga@valmont.example", "Olga", valmont, "observer"))
    assert olga.get(NEW, RAFALE).status_code == 403
    assert olga.post(NEW, RAFALE).status_code == 403
