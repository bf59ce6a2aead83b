"""Goal, form, counting rule and address of a petition."""

from datetime import datetime

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.enums import CountPolicy
from levier.gathering.petitions.actions.terms import rename, set_form, set_goal
from levier.gathering.petitions.errors import PolicyFrozen, SlugTaken
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.signing.actions.opening import change_count_policy
from tests.cast import make_campaign, make_petition, make_signature

pytestmark = pytest.mark.django_db


def test_P16_the_counting_rule_is_frozen_by_the_first_signature(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    change_count_policy(petition=lilas, policy=CountPolicy.CONFIRMED, by=aicha, now=now)
    make_signature(lilas)
    change_count_policy(petition=lilas, policy=CountPolicy.CONFIRMED, by=aicha, now=now)
    with pytest.raises(PolicyFrozen):
        change_count_policy(petition=lilas, policy=CountPolicy.AT_ONCE, by=aicha, now=now)
    assert Petition.objects.get(pk=lilas.pk).count_policy == CountPolicy.CONFIRMED


def test_a_goal_is_fixed_then_moves_again(lilas: Petition, aicha: User, now: datetime) -> None:
    set_goal(petition=lilas, goal=15_000, by=aicha, now=now)
    assert Petition.objects.get(pk=lilas.pk).fixed_goal == 15_000
    set_goal(petition=lilas, goal=None, by=aicha, now=now)
    assert Petition.objects.get(pk=lilas.pk).fixed_goal is None


def test_P08_the_form_asks_the_postcode_or_not(lilas: Petition, aicha: User, now: datetime) -> None:
    set_form(petition=lilas, country="BE", asks_postcode=False, by=aicha, now=now)
    changed = Petition.objects.get(pk=lilas.pk)
    assert (changed.country, changed.asks_postcode) == ("BE", False)


def test_an_old_address_still_belongs_to_the_petition_and_can_be_taken_back(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    rename(petition=lilas, slug="lilas", by=aicha, now=now)
    assert set(Slug.objects.filter(petition=lilas).values_list("slug", "current")) == {
        ("piste-cyclable-rue-des-lilas", False),
        ("lilas", True),
    }
    rename(petition=lilas, slug="piste-cyclable-rue-des-lilas", by=aicha, now=now)
    assert Slug.objects.get(petition=lilas, current=True).slug == "piste-cyclable-rue-des-lilas"


def test_an_address_of_another_petition_is_refused_and_nothing_moves(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), aicha, slug="autre")
    with pytest.raises(SlugTaken):
        rename(petition=lilas, slug="autre", by=aicha, now=now)
    assert Slug.objects.get(petition=lilas, current=True).slug == "piste-cyclable-rue-des-lilas"
    assert Slug.objects.get(petition=other, current=True).slug == "autre"
