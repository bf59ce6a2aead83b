"""Who may do what in a campaign (docs/decisions/67).

Those responsible for the organisation may do everything, everywhere. A place in the team of a
campaign decides alone in that campaign. Without one, the role in the organisation does, unless the
team is closed: then the campaign does not exist for them.
"""

from collections.abc import Collection

from django.db.models import OuterRef, Q, QuerySet

from levier.foundation.accounts.enums import (
    CAN_CAMPAIGN,
    CAN_MANAGE_TEAM,
    CAN_MODERATE,
    CAN_SEE_NUMBERS,
    Role,
)
from levier.foundation.accounts.errors import Hidden, NotAllowed
from levier.foundation.accounts.models import Membership, User
from levier.foundation.accounts.rules import membership_of
from levier.foundation.campaigns.enums import RIGHTS_IN_TEAM, Right
from levier.foundation.campaigns.models import Campaign, TeamMember

NOTHING: frozenset[Right] = frozenset()


def rights_in(campaign: Campaign, membership: Membership, part: str | None) -> frozenset[Right]:
    """What a member may do in a campaign; `part` is their role in its team, if they have one."""
    if membership.role == Role.OWNER:
        return frozenset(Right)
    if part is not None:
        return RIGHTS_IN_TEAM[part]
    return NOTHING if campaign.team_is_closed else _by_role(membership.role)


def part_in_team(campaign: Campaign | OuterRef, user: User) -> QuerySet[TeamMember]:
    """The user's place in the team of a campaign, at most one row."""
    return TeamMember.objects.filter(campaign=campaign, user=user)


def users_with(right: Right, campaign: Campaign) -> list[User]:
    """Everyone who has a right in a campaign and can sign in, by seniority; two statements."""
    parts = dict(TeamMember.objects.filter(campaign=campaign).values_list("user", "role"))
    members = (
        Membership.objects.filter(organisation=campaign.organisation_id, user__is_active=True)
        .select_related("user")
        .order_by("since", "pk")
    )
    return [
        one.user for one in members if right in rights_in(campaign, one, parts.get(one.user_id))
    ]


def campaigns_open_to(user: User, right: Right) -> QuerySet[Campaign]:
    """Every campaign where this user has a right, by the rule above, in one statement."""
    mine = Membership.objects.filter(user=user).values("organisation")
    owned = mine.filter(role=Role.OWNER)
    by_role = mine.filter(role__in=[role for role in Role if right in _by_role(role)])
    parts = TeamMember.objects.filter(user=user)
    given = parts.filter(role__in=[role for role, has in RIGHTS_IN_TEAM.items() if right in has])
    return Campaign.objects.filter(
        Q(organisation__in=owned)
        | Q(pk__in=given.values("campaign"), organisation__in=mine)
        | (Q(organisation__in=by_role, team_is_closed=False) & ~Q(pk__in=parts.values("campaign")))
    )


def can_lead(user: User, campaign: Campaign, membership: Membership) -> bool:
    """Whether a member composes the team of a campaign."""
    part = part_in_team(campaign, user).values_list("role", flat=True).first()
    return Right.LEAD in rights_in(campaign, membership, part)


def require_right(rights: Collection[Right], right: Right) -> None:
    """Hidden to whom nothing is shown, NotAllowed to whom something is, but not this."""
    if Right.READ not in rights:
        raise Hidden
    if right not in rights:
        raise NotAllowed


def campaign_for_editing(user: User, pk: int) -> tuple[Campaign, Membership]:
    """A campaign and the user's place in its organisation, or Hidden, or NotAllowed."""
    return _campaign(user, pk, Right.EDIT)


def campaign_for_leading(user: User, pk: int) -> tuple[Campaign, Membership]:
    """The same, for whoever composes its team."""
    return _campaign(user, pk, Right.LEAD)


def part_for_leading(user: User, pk: int) -> tuple[TeamMember, Membership]:
    """Somebody's place in a team, for whoever composes it."""
    part = TeamMember.objects.filter(pk=pk).select_related("campaign", "user").first()
    if part is None:
        raise Hidden
    _, membership = campaign_for_leading(user, part.campaign_id)
    return part, membership


def _campaign(user: User, pk: int, right: Right) -> tuple[Campaign, Membership]:
    campaign = Campaign.objects.filter(pk=pk).select_related("organisation").first()
    if campaign is None:
        raise Hidden
    membership = membership_of(user, campaign.organisation_id)
    part = part_in_team(campaign, user).values_list("role", flat=True).first()
    rights = rights_in(campaign, membership, part)
    # Any member of the organisation knows its campaigns by name, unless the team is closed.
    if Right.READ not in rights and not campaign.team_is_closed and part is None:
        raise NotAllowed
    require_right(rights, right)
    return campaign, membership


def _by_role(role: str) -> frozenset[Right]:
    roles = {
        Right.READ: CAN_SEE_NUMBERS,
        Right.EDIT: CAN_CAMPAIGN,
        Right.MODERATE: CAN_MODERATE,
        Right.EXPORT: CAN_CAMPAIGN,
        Right.LEAD: CAN_MANAGE_TEAM,
    }
    return frozenset(right for right, among in roles.items() if role in among)
