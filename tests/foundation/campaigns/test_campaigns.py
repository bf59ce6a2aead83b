"""A campaign and the choices its petitions inherit."""

from datetime import datetime

import pytest

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.actions import (
    CampaignChoices,
    change_campaign,
    start_campaign,
)
from levier.foundation.campaigns.enums import CommentPolicy, CountPolicy
from levier.foundation.campaigns.models import Campaign

pytestmark = pytest.mark.django_db


def test_a_campaign_starts_with_careful_choices(
    valmont: Organisation, aicha: User, now: datetime
) -> None:
    campaign = start_campaign(organisation=valmont, name="L’école à vélo", by=aicha, now=now)
    assert campaign.slug == "l-ecole-a-velo"
    assert campaign.count_policy == CountPolicy.AT_ONCE
    assert campaign.comment_policy == CommentPolicy.BEFORE
    assert campaign.retention_months == 6
    assert (campaign.offers_phone, campaign.offers_post) == (False, False)


def test_two_campaigns_of_one_name_have_two_addresses(
    valmont: Organisation, droits_debout: Organisation, aicha: User, now: datetime
) -> None:
    slugs = [
        start_campaign(organisation=one, name="Vélo", by=aicha, now=now).slug
        for one in (valmont, valmont, droits_debout)
    ]
    assert slugs == ["velo", "velo-2", "velo"]


def test_choices_are_changed_together(valmont: Organisation, aicha: User, now: datetime) -> None:
    campaign = start_campaign(organisation=valmont, name="Vélo", by=aicha, now=now)
    choices = CampaignChoices(
        comment_policy=CommentPolicy.AFTER,
        retention_months=12,
        offers_org_news=False,
        offers_phone=True,
        offers_post=False,
    )
    change_campaign(campaign=campaign, name="Vélos", choices=choices, by=aicha, now=now)
    kept = Campaign.objects.get()
    assert (kept.name, kept.slug) == ("Vélos", "velo")
    assert {name: getattr(kept, name) for name in vars(choices)} == vars(choices)
