"""What a petition asks of its signatories and aims at, and where it is found."""

from datetime import datetime

from django.db import IntegrityError, transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.errors import PolicyFrozen, SlugTaken
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.petitions.rules.choices import in_force


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
