"""P16: what petitions inherit may change, never how a signed one counts."""

from datetime import datetime
from typing import Any

import pytest

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.models import INHERITED, Campaign
from levier.gathering.petitions.errors import PolicyFrozen
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.choices import in_force, terms_of
from levier.gathering.signing.actions.choices import (
    change_campaign_choices,
    change_organisation_choices,
    change_petition_choices,
)
from levier.gathering.signing.actions.hand_over import hand_over
from tests.cast import make_campaign, make_petition, make_signature

pytestmark = pytest.mark.django_db


def fresh(petition: Petition) -> Petition:
    return Petition.objects.select_related("campaign__organisation").get(pk=petition.pk)


def held(campaign: Campaign, **changed: Any) -> dict[str, Any]:
    return {**{name: getattr(campaign, name) for name in INHERITED}, **changed}


def test_P16_the_campaigns_rule_changes_for_the_unsigned_only(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    unsigned = make_petition(lilas.campaign, hugo, "autre")
    make_signature(lilas)
    change_campaign_choices(
        campaign=lilas.campaign, name="Vélo", own={"count_policy": "confirmed"}, by=hugo, now=now
    )
    assert in_force(fresh(lilas), "count_policy") == "at_once"
    assert in_force(fresh(unsigned), "count_policy") == "confirmed"


def test_P16_the_organisations_rule_too(lilas: Petition, aicha: User, now: datetime) -> None:
    make_signature(lilas)
    organisation = lilas.campaign.organisation
    follower = make_petition(make_campaign(organisation), aicha, "autre")
    chosen = held(lilas.campaign, count_policy="confirmed", retention_months=3)
    change_organisation_choices(organisation=organisation, chosen=chosen, by=aicha, now=now)
    assert in_force(fresh(lilas), "count_policy") == "at_once"
    assert in_force(fresh(lilas), "retention_months") == 3
    assert in_force(fresh(follower), "count_policy") == "confirmed"


def test_P16_a_signed_petition_cannot_choose_another_rule(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    make_signature(lilas)
    with pytest.raises(PolicyFrozen):
        change_petition_choices(petition=lilas, own={"count_policy": "confirmed"}, by=hugo, now=now)
    own = {"count_policy": "at_once", "comment_policy": "after"}  # the rule it has, in words
    change_petition_choices(petition=lilas, own=own, by=hugo, now=now)
    assert in_force(fresh(lilas), "comment_policy") == "after"


def test_its_own_choice_holds_and_can_be_given_back(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    own = {"retention_months": 1, "offers_phone": True, "asks_postcode": False}
    change_petition_choices(petition=lilas, own=own, by=hugo, now=now)
    terms = terms_of(fresh(lilas))
    assert (terms.retention_months, terms.offers_phone, terms.asks_postcode) == (1, True, False)
    change_petition_choices(petition=lilas, own={}, by=hugo, now=now)
    terms = terms_of(fresh(lilas))
    assert (terms.retention_months, terms.offers_phone, terms.asks_postcode) == (6, False, True)


def test_P16_handed_over_a_signed_petition_counts_as_before(
    lilas: Petition, aicha: User, hugo: User, now: datetime
) -> None:
    make_signature(lilas)
    there = make_campaign(
        lilas.campaign.organisation, count_policy="confirmed", comment_policy="after"
    )
    hand_over(petition=lilas, campaign=there, author=hugo, by=aicha, now=now)
    moved = fresh(lilas)
    assert (moved.campaign, moved.author) == (there, hugo)
    assert in_force(moved, "count_policy") == "at_once"
    assert in_force(moved, "comment_policy") == "after"


def test_nobody_is_handed_a_petition_from_elsewhere(
    lilas: Petition, droits_debout: Organisation, aicha: User, claire: User, now: datetime
) -> None:
    for campaign, author in ((make_campaign(droits_debout), aicha), (lilas.campaign, claire)):
        with pytest.raises(Exception, match="même organisation"):
            hand_over(petition=lilas, campaign=campaign, author=author, by=aicha, now=now)
    assert fresh(lilas).author == aicha
