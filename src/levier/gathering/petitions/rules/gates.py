"""Who may reach a petition at the desk. Each gate fetches and authorises in one call.

A stranger meets Hidden (404), and so does a member whose role has nothing to do with petitions;
a member who may look but not touch meets NotAllowed (403).
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from levier.foundation.accounts.enums import (
    CAN_CAMPAIGN,
    CAN_MODERATE,
    CAN_SEE_NUMBERS,
)
from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import Membership, User
from levier.foundation.accounts.rules import membership_of, require
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition, Slug, Version

READ_WITH = (
    "version",
    "author",
    "campaign__organisation",
    "addressee_post__organization",
    "addressee_person",
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A petition, the address it has now, and the user's place in its organisation."""

    petition: Petition
    slug: str
    title: str  # of the latest version, published or not
    membership: Membership

    @property
    def can_edit(self) -> bool:
        return self.membership.role in CAN_CAMPAIGN

    @property
    def can_moderate(self) -> bool:
        return self.membership.role in CAN_MODERATE

    @property
    def can_see_names(self) -> bool:
        return self.membership.role in CAN_MODERATE

    @property
    def can_export(self) -> bool:
        return self.membership.role in CAN_CAMPAIGN


def petition_for_reading(user: User, slug: str) -> Place:
    """Whoever may see its numbers."""
    return _place(user, slug, CAN_SEE_NUMBERS)


def petition_for_editing(user: User, slug: str) -> Place:
    """Whoever may change its words and its state."""
    return _place(user, slug, CAN_CAMPAIGN)


def petition_for_moderating(user: User, slug: str) -> Place:
    """Whoever may see the names, read the comments and look at what is held."""
    return _place(user, slug, CAN_MODERATE)


def petition_for_exporting(user: User, slug: str) -> Place:
    """Whoever may take the names out of here (P65)."""
    return _place(user, slug, CAN_CAMPAIGN)


def comment_for_moderating(user: User, slug: str, pk: int) -> tuple[Place, Comment]:
    """A comment of that petition, for whoever may moderate it."""
    place = petition_for_moderating(user, slug)
    comment = Comment.objects.filter(petition=place.petition, pk=pk).first()
    if comment is None:
        raise Hidden
    return place, comment


def _place(user: User, slug: str, roles: Collection[str]) -> Place:
    current = Slug.objects.filter(petition=OuterRef("petition"), current=True).values("slug")[:1]
    latest = Version.objects.filter(petition=OuterRef("petition")).order_by("-n").values("title")
    found = (
        Slug.objects.filter(slug=slug)
        .select_related("petition", *(f"petition__{name}" for name in READ_WITH))
        .annotate(current_slug=Subquery(current), title=Subquery(latest[:1]))
        .first()
    )
    if found is None:
        raise Hidden
    membership = membership_of(user, found.petition.campaign.organisation_id)
    if membership.role not in CAN_SEE_NUMBERS:
        raise Hidden
    require(membership, roles)
    return Place(
        petition=found.petition,
        slug=found.current_slug or slug,
        title=found.title or "",
        membership=membership,
    )
