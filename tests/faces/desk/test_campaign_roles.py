"""Who may do what in a campaign: every role of the organisation × every part in the team × open or
closed team × page. The rule is docs/decisions/67."""

from itertools import product

import pytest
from django.db.models import Q

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.enums import Right, TeamRole
from levier.foundation.campaigns.models import Campaign, TeamMember
from levier.foundation.campaigns.rules import campaigns_open_to, users_with
from levier.gathering.petitions.models.petition import Petition
from tests.cast import make_user
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
LILAS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"
PAGES = {
    Right.READ: f"{LILAS}",
    Right.EDIT: f"{LILAS}modifier/",
    Right.MODERATE: f"{LILAS}commentaires/",
    Right.EXPORT: f"{LILAS}signatures/exporter/",
    Right.LEAD: f"{LILAS}retirer/",
}
ALL, NOTHING = set(Right), set[Right]()
READ, EDIT, MODERATE, EXPORT = Right.READ, Right.EDIT, Right.MODERATE, Right.EXPORT
BY_ROLE: dict[Role, set[Right]] = {
    Role.OWNER: ALL,
    Role.CAMPAIGNER: {READ, EDIT, MODERATE, EXPORT},
    Role.MODERATOR: {READ, MODERATE},
    Role.OBSERVER: {READ},
    Role.TELEPHONE_AGENT: NOTHING,
    Role.AMBASSADOR: NOTHING,
}
BY_PART: dict[TeamRole, set[Right]] = {
    TeamRole.LEAD: ALL,
    TeamRole.EDITOR: {READ, EDIT},
    TeamRole.MODERATOR: {READ, MODERATE},
    TeamRole.CALLER: {READ},
    TeamRole.READER: {READ},
}


def expected(role: Role, part: TeamRole | None, is_closed: bool) -> set[Right]:
    if role == Role.OWNER:
        return ALL
    if part is not None:
        return BY_PART[part]
    return NOTHING if is_closed else BY_ROLE[role]


def seated(role: Role, part: TeamRole | None, is_closed: bool, campaign: Campaign) -> User:
    Campaign.objects.filter(pk=campaign.pk).update(team_is_closed=is_closed)
    user = make_user("quelquun@valmont.example", "Quelqu’un", campaign.organisation, role)
    if part:
        TeamMember.objects.create(campaign=campaign, user=user, role=part)
    return user


CASES = list(product(Role, [None, *TeamRole], [False, True]))


@pytest.mark.parametrize(("role", "part", "is_closed"), CASES)
def test_each_place_opens_its_own_doors(
    role: Role,
    part: TeamRole | None,
    is_closed: bool,
    seat: SeatedAt,
    lilas: Petition,
) -> None:
    user = seated(role, part, is_closed, lilas.campaign)
    client, rights = seat(user), expected(role, part, is_closed)
    for right, page in PAGES.items():
        response = client.post(page) if right == EXPORT else client.get(page)
        wanted = 200 if right in rights else 403 if READ in rights else 404
        assert (right, response.status_code) == (right, wanted)


@pytest.mark.parametrize(("role", "part", "is_closed"), CASES)
def test_lists_and_mails_follow_the_same_rule(
    role: Role, part: TeamRole | None, is_closed: bool, lilas: Petition
) -> None:
    user = seated(role, part, is_closed, lilas.campaign)
    campaign = Campaign.objects.get(pk=lilas.campaign_id)
    rights = expected(role, part, is_closed)
    assert {right for right in Right if campaigns_open_to(user, right).exists()} == rights
    assert {right for right in Right if user in users_with(right, campaign)} == rights


def test_a_part_opens_nothing_to_who_left_the_organisation(
    seat: SeatedAt, stranger: User, lilas: Petition
) -> None:
    TeamMember.objects.create(campaign=lilas.campaign, user=stranger, role=TeamRole.LEAD)
    assert seat(stranger).get(LILAS).status_code == 404
    assert not campaigns_open_to(stranger, Right.READ).exists()
    assert stranger not in users_with(Right.READ, lilas.campaign)


def test_a_closed_campaign_leaves_the_list_and_the_home(
    seat: SeatedAt, hugo: User, lilas: Petition
) -> None:
    client = seat(hugo)
    assert "Lilas" in client.get("/tableau-de-bord/petitions/").text
    Campaign.objects.filter(Q(pk=lilas.campaign_id)).update(team_is_closed=True)
    assert "Lilas" not in client.get("/tableau-de-bord/petitions/").text


@pytest.mark.parametrize(("role", "part", "is_closed"), CASES)
def test_the_rail_shows_no_door_that_stays_shut(
    role: Role,
    part: TeamRole | None,
    is_closed: bool,
    seat: SeatedAt,
    valmont: Organisation,
    lilas: Petition,
) -> None:
    rights = expected(role, part, is_closed)
    if READ not in rights:
        return
    page = seat(seated(role, part, is_closed, lilas.campaign)).get(LILAS).text
    for right in (EDIT, MODERATE):
        assert (f'href="{PAGES[right]}"' in page) == (right in rights)
