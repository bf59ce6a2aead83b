"""A campaign and the choices its petitions inherit."""

from datetime import datetime
from typing import Any

import pytest

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.actions import (
    change_campaign,
    change_choices,
    start_campaign,
)
from levier.foundation.campaigns.enums import CommentPolicy, CountPolicy
from levier.foundation.campaigns.models import INHERITED, Campaign

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


def test_its_own_choices_are_kept_and_the_others_follow(
    valmont: Organisation, aicha: User, now: datetime
) -> None:
    campaign = start_campaign(organisation=valmont, name="Vélo", by=aicha, now=now)
    own = {"comment_policy": CommentPolicy.AFTER, "retention_months": 12}
    change_campaign(campaign=campaign, name="Vélos", own=own, by=aicha, now=now)
    kept = Campaign.objects.get()
    assert (kept.name, kept.slug, kept.own) == (
        "Vélos",
        "velo",
        ["comment_policy", "retention_months"],
    )
    chosen = {**held_by(kept), "retention_months": 3, "offers_phone": True}
    change_choices(organisation=valmont, chosen=chosen, by=aicha, now=now)
    kept.refresh_from_db()
    assert (kept.comment_policy, kept.retention_months, kept.offers_phone) == ("after", 12, True)


def test_what_is_given_back_follows_again(
    valmont: Organisation, aicha: User, now: datetime
) -> None:
    campaign = start_campaign(organisation=valmont, name="Vélo", by=aicha, now=now)
    own = {"retention_months": 12}
    change_campaign(campaign=campaign, name="Vélo", own=own, by=aicha, now=now)
    chosen = {**held_by(campaign), "retention_months": 3}
    change_choices(organisation=valmont, chosen=chosen, by=aicha, now=now)
    change_campaign(campaign=campaign, name="Vélo", own={}, by=aicha, now=now)
    campaign.refresh_from_db()
    assert (campaign.retention_months, campaign.own) == (3, [])


def test_a_new_campaign_follows_at_once(
    valmont: Organisation, droits_debout: Organisation, aicha: User, now: datetime
) -> None:
    first = start_campaign(organisation=valmont, name="Vélo", by=aicha, now=now)
    elsewhere = start_campaign(organisation=droits_debout, name="Parole", by=aicha, now=now)
    chosen = {**held_by(first), "asks_postcode": False, "comment_words": "vendu"}
    change_choices(organisation=valmont, chosen=chosen, by=aicha, now=now)
    second = start_campaign(organisation=valmont, name="Bus", by=aicha, now=now)
    assert (second.asks_postcode, second.comment_words) == (False, "vendu")
    elsewhere.refresh_from_db()
    assert (elsewhere.asks_postcode, elsewhere.comment_words) == (True, "")


def held_by(campaign: Campaign) -> dict[str, Any]:
    return {name: getattr(campaign, name) for name in INHERITED}
