"""Who may reach a petition at the desk. Each gate fetches and authorises in one call.

A stranger meets Hidden (404), and so does a member whose role has nothing to do with petitions;
a member who may look but not touch meets NotAllowed (403).
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from levier.foundation.accounts.enums import AUTHOR
from levier.foundation.accounts.errors import Hidden, NotAllowed
from levier.foundation.accounts.models import Membership, User
from levier.foundation.accounts.rules import membership_of
from levier.foundation.campaigns.enums import Right
from levier.foundation.campaigns.rules import NOTHING, part_in_team, require_right, rights_in
from levier.gathering.petitions.enums import BEFORE_OPENING, EDITABLE
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition, Slug, Version
from levier.gathering.petitions.models.press_link import PressLink

READ_WITH = (
    "version",
    "author",
    "campaign__organisation",
    "addressee_post__organization",
    "addressee_person",
    "theme",
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A petition, the address it has now, the user's place in its organisation, and what they may
    do in its campaign."""

    petition: Petition
    slug: str
    title: str  # of the latest version, published or not
    membership: Membership  # of an author who is no member: made for the page, never stored
    rights: frozenset[Right]
    is_author: bool = False  # of a supporter's petition, and no member who may see it

    @property
    def can_edit(self) -> bool:
        return Right.EDIT in self.rights

    @property
    def can_write(self) -> bool:
        """Its words only: for its team, and for its author as long as a team need not read them."""
        if not self.is_author:
            return self.can_edit
        reviewed = self.petition.campaign.organisation.reviews_petitions
        return self.petition.state in (BEFORE_OPENING if reviewed else EDITABLE)

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
    def can_put_off(self) -> bool:
        """Whoever acts on the next steps may put one off."""
        return self.can_edit or self.can_moderate

    @property
    def can_lead(self) -> bool:
        return Right.LEAD in self.rights


def petition_for_reading(user: User, slug: str) -> Place:
    """Whoever may see its numbers."""
    return _place(user, slug, Right.READ)


def petition_for_following(user: User, slug: str) -> Place:
    """The same, and the author of a supporter's petition: its numbers, nobody's name."""
    try:
        return _place(user, slug, Right.READ)
    except Hidden:
        return _place_of_author(user, slug)


def petition_for_writing(user: User, slug: str) -> Place:
    """Whoever may change its words, its author included. The author alone changes nothing else."""
    place = petition_for_following(user, slug)
    if not place.can_write:
        raise NotAllowed
    return place


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
    found = _found(user, slug)
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


def _place_of_author(user: User, slug: str) -> Place:
    """Somebody who launched it at an organisation they do not work for; Hidden to all others."""
    found = _found(user, slug)
    if not found.petition.is_supporters or found.petition.author_id != user.pk:
        raise Hidden
    guest = Membership(organisation=found.petition.campaign.organisation, user=user, role=AUTHOR)
    return Place(
        petition=found.petition,
        slug=found.current_slug or slug,
        title=found.title or "",
        membership=guest,
        rights=NOTHING,
        is_author=True,
    )


def _found(user: User, slug: str) -> Any:
    """The address with its petition, its current slug, its latest title and the user's part."""
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
    return found


def press_link_for_editing(user: User, slug: str, pk: int) -> tuple[Place, PressLink]:
    """A page of the press that this petition shows, for whoever may change its words."""
    place = petition_for_editing(user, slug)
    link = PressLink.objects.filter(petition=place.petition, pk=pk).first()
    if link is None:
        raise Hidden
    return place, link
