"""Who may reach a petition at the desk. Each gate fetches and authorises in one call.

A stranger meets Hidden (404), and so does a member whose role has nothing to do with petitions;
a member who may look but not touch meets NotAllowed (403).
"""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import Membership, User
from levier.foundation.accounts.rules import membership_of
from levier.foundation.campaigns.enums import Right
from levier.foundation.campaigns.rules import part_in_team, require_right, rights_in
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
    """A petition, the address it has now, the user's place in its organisation, and what they may
    do in its campaign."""

    petition: Petition
    slug: str
    title: str  # of the latest version, published or not
    membership: Membership
    rights: frozenset[Right]

    @property
    def can_edit(self) -> bool:
        return Right.EDIT in self.rights

    @property
    def can_moderate(self) -> bool:
        return Right.MODERATE in self.rights

    @property
    def can_see_names(self) -> bool:
        return Right.MODERATE in self.rights

    @property
    def can_export(self) -> bool:
        return Right.EXPORT in self.rights

    @property
    def can_lead(self) -> bool:
        return Right.LEAD in self.rights


def petition_for_reading(user: User, slug: str) -> Place:
    """Whoever may see its numbers."""
    return _place(user, slug, Right.READ)


def petition_for_editing(user: User, slug: str) -> Place:
    """Whoever may change its words and its state."""
    return _place(user, slug, Right.EDIT)


def petition_for_moderating(user: User, slug: str) -> Place:
    """Whoever may see the names, read the comments and look at what is held."""
    return _place(user, slug, Right.MODERATE)


def petition_for_exporting(user: User, slug: str) -> Place:
    """Whoever may take the names out of here (P65)."""
    return _place(user, slug, Right.EXPORT)


def petition_for_leading(user: User, slug: str) -> Place:
    """Whoever answers for the campaign: recounts, hands over, removes."""
    return _place(user, slug, Right.LEAD)


def comment_for_moderating(user: User, slug: str, pk: int) -> tuple[Place, Comment]:
    """A comment of that petition, for whoever may moderate it."""
    place = petition_for_moderating(user, slug)
    comment = Comment.objects.filter(petition=place.petition, pk=pk).first()
    if comment is None:
        raise Hidden
    return place, comment


def _place(user: User, slug: str, right: Right) -> Place:
    current = Slug.objects.filter(petition=OuterRef("petition"), current=True).values("slug")[:1]
    latest = Version.objects.filter(petition=OuterRef("petition")).order_by("-n").values("title")
    part = part_in_team(OuterRef("petition__campaign"), user).values("role")[:1]
    found = (
        Slug.objects.filter(slug=slug)
        .select_related("petition", *(f"petition__{name}" for name in READ_WITH))
        .annotate(current_slug=Subquery(current), title=Subquery(latest[:1]), part=Subquery(part))
        .first()
    )
    if found is None:
        raise Hidden
    campaign = found.petition.campaign
    membership = membership_of(user, campaign.organisation_id)
    rights = rights_in(campaign, membership, found.part)
    require_right(rights, right)
    return Place(
        petition=found.petition,
        slug=found.current_slug or slug,
        title=found.title or "",
        membership=membership,
        rights=rights,
    )
