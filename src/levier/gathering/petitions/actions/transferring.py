from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import Membership, User
from levier.foundation.campaigns.models import Campaign
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.errors import NotInOrganisation
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.choices import in_force


@transaction.atomic
def transfer(
    *,
    petition: Petition,
    campaign: Campaign,
    author: User,
    is_signed: bool,
    by: User,
    now: datetime,
) -> Petition:
    """Give a petition to another campaign of its organisation, or to another author.

    It then follows the choices of its new campaign, but for the count policy once somebody signed
    (P16). Raises NotInOrganisation for a campaign or a person of elsewhere.
    """
    petition = locked(petition)
    here = petition.campaign.organisation_id
    if campaign.organisation_id != here:
        raise NotInOrganisation
    stays = author.pk == petition.author_id
    if not stays and not Membership.objects.filter(organisation=here, user=author).exists():
        raise NotInOrganisation
    policy = in_force(petition, "count_policy")
    if is_signed and campaign.count_policy != policy:
        petition.count_policy = policy
    petition.campaign, petition.author = campaign, author
    petition.save(update_fields=["campaign", "author", "count_policy"])
    audit(petition, "transfer", by, now, campaign=campaign.pk, author=author.pk)
    return petition
