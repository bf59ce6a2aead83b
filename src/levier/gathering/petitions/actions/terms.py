"""What a petition asks of its signatories and aims at, and where it is found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.models import INHERITED
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.errors import PolicyFrozen, SlugTaken, TooManyFields
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.petitions.rules.choices import in_force
from levier.gathering.petitions.rules.fields import MOST_FIELDS, Declared


@transaction.atomic
def set_goal(*, petition: Petition, goal: int | None, by: User, now: datetime) -> Petition:
    """A goal of one's own, or None for one that moves ahead of the count (P39)."""
    petition = locked(petition)
    if petition.fixed_goal != goal:
        petition.fixed_goal = goal
        petition.save(update_fields=["fixed_goal"])
        audit(petition, "set_goal", by, now, goal=goal)
    return petition


@transaction.atomic
def set_form(
    *, petition: Petition, country: str, asks_postcode: bool, by: User, now: datetime
) -> Petition:
    """What the sign form proposes and asks (P8)."""
    petition = locked(petition)
    asked = in_force(petition, "asks_postcode")
    if (petition.country, asked) != (country, asks_postcode):
        if asked != asks_postcode:  # the same as the campaign's: it is still followed
            petition.asks_postcode = asks_postcode
        petition.country = country
        petition.save(update_fields=["country", "asks_postcode"])
        audit(petition, "set_form", by, now, country=country, asks_postcode=asks_postcode)
    return petition


@transaction.atomic
def set_count_policy(
    *, petition: Petition, policy: str | None, is_signed: bool, by: User, now: datetime
) -> Petition:
    """When a signature is counted; None for the campaign's rule. Raises PolicyFrozen (P16)."""
    petition = locked(petition)
    if petition.count_policy == policy:
        return petition
    if is_signed:
        raise PolicyFrozen
    petition.count_policy = policy
    petition.save(update_fields=["count_policy"])
    audit(petition, "set_count_policy", by, now, policy=policy)
    return petition


@transaction.atomic
def set_choices(
    *, petition: Petition, own: Mapping[str, Any], is_signed: bool, by: User, now: datetime
) -> Petition:
    """The choices of its own; those that are not in `own` follow the campaign's.

    Raises PolicyFrozen if a signed petition would count otherwise than it did (P16).
    """
    petition = locked(petition)
    counted = in_force(petition, "count_policy")
    for choice in INHERITED:
        setattr(petition, choice, own.get(choice))
    if is_signed and in_force(petition, "count_policy") != counted:
        raise PolicyFrozen
    petition.save(update_fields=list(INHERITED))
    audit(petition, "set_choices", by, now, own=sorted(own))
    return petition


@transaction.atomic
def set_fields(
    *,
    petition: Petition,
    asked: Sequence[Declared],
    retired: Sequence[Declared],
    by: User,
    now: datetime,
) -> Petition:
    """The extra questions (P8): those asked, then those asked before. Raises TooManyFields."""
    if len(asked) > MOST_FIELDS:
        raise TooManyFields
    petition = locked(petition)
    told = [*asked, *(replace(one, retired=True) for one in retired)]
    petition.fields = [one.kept() for one in told]
    petition.save(update_fields=["fields"])
    audit(petition, "set_fields", by, now, keys=[one.key for one in asked])
    return petition


@transaction.atomic
def rename(*, petition: Petition, slug: str, by: User, now: datetime) -> Slug:
    """Move to another address; links to the old one lead to it. Raises SlugTaken.

    A draft leaves nothing behind, as nobody was given its address.
    """
    petition = locked(petition)
    current = Slug.objects.get(petition=petition, current=True)
    if current.slug == slug:
        return current
    if petition.published_at is None:
        current.delete()
    else:
        Slug.objects.filter(pk=current.pk).update(current=False)
    try:
        with transaction.atomic():
            moved, _ = Slug.objects.get_or_create(petition=petition, slug=slug)
    except IntegrityError as error:
        raise SlugTaken from error
    moved.current = True
    moved.save(update_fields=["current"])
    audit(petition, "rename", by, now, slug=slug)
    return moved
