"""Who may change a campaign."""

from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import Membership, User
from levier.foundation.accounts.rules import membership_of, require
from levier.foundation.campaigns.models import Campaign


def campaign_for_editing(user: User, pk: int) -> tuple[Campaign, Membership]:
    """A campaign and the user's place in its organisation, or Hidden, or NotAllowed."""
    campaign = Campaign.objects.filter(pk=pk).select_related("organisation").first()
    if campaign is None:
        raise Hidden
    return campaign, require(membership_of(user, campaign.organisation_id), CAN_CAMPAIGN)
