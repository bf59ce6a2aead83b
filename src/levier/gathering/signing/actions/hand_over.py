from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.models import Campaign
from levier.gathering.petitions.actions.transferring import transfer
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.opening import is_signed_for_good


@transaction.atomic
def hand_over(
    *, petition: Petition, campaign: Campaign, author: User, by: User, now: datetime
) -> Petition:
    """To another campaign or author; how signatures are counted stays once there is one (P16)."""
    is_signed = is_signed_for_good(petition)
    return transfer(
        petition=petition, campaign=campaign, author=author, is_signed=is_signed, by=by, now=now
    )
