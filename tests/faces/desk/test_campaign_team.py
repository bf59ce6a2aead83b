"""Composing the team of a campaign."""

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.models import Campaign, TeamMember
from levier.gathering.petitions.models.petition import Petition
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db


def address(petition: Petition) -> str:
    return f"/tableau-de-bord/campagnes/{petition.campaign_id}/equipe/"


def test_a_part_is_given_changed_and_taken_back(
    seat: SeatedAt, aicha: User, mariam: User, lilas: Petition
) -> None:
    desk = seat(aicha)
    page = desk.get(address(lilas)).text
    assert "Mariam Sow" in page
    for role in ("moderator", "reader"):
        desk.post(f"{address(lilas)}role/", {"user": mariam.pk, "role": role})
        assert TeamMember.objects.get(user=mariam).role == role
    page = desk.post(f"{address(lilas)}role/", {"user": mariam.pk, "role": ""}, follow=True).text
    assert "selon son rôle" in page
    assert not TeamMember.objects.exists()


def test_a_team_is_closed_and_opened(seat: SeatedAt, aicha: User, lilas: Petition) -> None:
    desk = seat(aicha)
    page = desk.post(f"{address(lilas)}acces/", {"fermer": "1"}, follow=True).text
    assert "Équipe fermée" in page
    assert Campaign.objects.get().team_is_closed
    desk.post(f"{address(lilas)}acces/", {"ouvrir": "1"})
    assert not Campaign.objects.get().team_is_closed


def test_impossible_parts_change_nothing(
    seat: SeatedAt, aicha: User, claire: User, lilas: Petition
) -> None:
    desk = seat(aicha)
    for sent in (
        {"user": claire.pk, "role": "lead"},
        {"user": "x", "role": "lead"},
        {"user": aicha.pk, "role": "king"},
        {},
    ):
        assert desk.post(f"{address(lilas)}role/", sent).status_code == 302
    assert desk.post(f"{address(lilas)}role/", {"user": 999_999, "role": ""}).status_code == 404
    assert not TeamMember.objects.exists()


def test_a_lead_composes_it_without_being_responsible_for_the_organisation(
    seat: SeatedAt, hugo: User, mariam: User, lilas: Petition
) -> None:
    assert seat(hugo).get(address(lilas)).status_code == 403
    TeamMember.objects.create(campaign=lilas.campaign, user=hugo, role="lead")
    seat(hugo).post(f"{address(lilas)}role/", {"user": mariam.pk, "role": "reader"})
    assert TeamMember.objects.get(user=mariam).role == "reader"
