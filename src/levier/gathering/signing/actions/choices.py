"""Changing what petitions inherit, without changing how a signed one counts (P16).

Campaigns stand below and know no signature; these verbs hold the tallies meanwhile.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.actions import change_campaign, change_choices
from levier.foundation.campaigns.models import Campaign, OrganisationChoices
from levier.gathering.petitions.actions.terms import set_choices
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.opening import is_signed_for_good
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally


@transaction.atomic
def change_campaign_choices(
    *, campaign: Campaign, name: str, own: Mapping[str, Any], by: User, now: datetime
) -> Campaign:
    """A campaign's name and own choices; its signed petitions go on counting as they did."""
    _keep_policies(Campaign.objects.filter(pk=campaign.pk))
    return change_campaign(campaign=campaign, name=name, own=own, by=by, now=now)


@transaction.atomic
def change_organisation_choices(
    *, organisation: Organisation, chosen: Mapping[str, Any], by: User, now: datetime
) -> OrganisationChoices:
    """What campaigns follow; signed petitions go on counting as they did."""
    followers = Campaign.objects.filter(organisation=organisation)
    _keep_policies(followers.exclude(own__contains=["count_policy"]))
    return change_choices(organisation=organisation, chosen=chosen, by=by, now=now)


@transaction.atomic
def change_petition_choices(
    *, petition: Petition, own: Mapping[str, Any], by: User, now: datetime
) -> Petition:
    """A petition's own choices; PolicyFrozen if how a signed one counts would change."""
    is_signed = is_signed_for_good(petition)
    return set_choices(petition=petition, own=own, is_signed=is_signed, by=by, now=now)


def _keep_policies(campaigns: QuerySet[Campaign]) -> None:
    """Write down, on signed petitions that follow these campaigns, how they count. A signature on
    its way waits for our commit, and counts by what it then finds."""
    following = Petition.objects.filter(campaign__in=campaigns, count_policy=None)
    tallies = Tally.objects.filter(petition__in=following).order_by("pk").select_for_update()
    locked = list(tallies.values_list("pk", flat=True))
    signed = Exists(Signature.objects.filter(petition=OuterRef("pk")))
    policy = Campaign.objects.filter(pk=OuterRef("campaign")).values(held=F("count_policy"))
    Petition.objects.filter(signed, pk__in=locked).update(count_policy=Subquery(policy))
