"""What an organisation campaigns for, with whom, and by which choices."""

from dataclasses import dataclass

from django.db.models import QuerySet

from levier.foundation.accounts.models import Membership, Organisation
from levier.foundation.campaigns.models import Campaign, OrganisationChoices, TeamMember


def campaigns_of(organisation: Organisation) -> QuerySet[Campaign]:
    """The latest first."""
    return Campaign.objects.filter(organisation=organisation).order_by("-created_at", "-pk")


def choices_of(organisation: Organisation) -> OrganisationChoices:
    """What its campaigns follow; what most people want, unsaved, until somebody chooses."""
    found = OrganisationChoices.objects.filter(organisation=organisation).first()
    return found or OrganisationChoices(organisation=organisation)


@dataclass(frozen=True, kw_only=True)
class Teammate:
    """A member of the organisation, and their place in the team of a campaign, if any."""

    membership: Membership
    part: TeamMember | None


def team_of(campaign: Campaign) -> list[Teammate]:
    """Every member of the organisation, by name; two statements."""
    parts = {part.user_id: part for part in TeamMember.objects.filter(campaign=campaign)}
    members = (
        Membership.objects.filter(organisation=campaign.organisation_id)
        .select_related("user")
        .order_by("user__name", "user__email")
    )
    return [Teammate(membership=one, part=parts.get(one.user_id)) for one in members]
