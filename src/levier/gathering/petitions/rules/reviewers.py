"""Who reads supporters' petitions before anyone else, and what waits for them (P5)."""

from django.db.models import OuterRef, QuerySet, Subquery

from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.models import Membership, User
from levier.foundation.campaigns.enums import Right
from levier.foundation.campaigns.rules import campaigns_open_to
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition, Slug, Version
from levier.gathering.petitions.models.review import Review


def reviewers_of(petition: Petition) -> QuerySet[User]:
    """Members who may publish in the organisation, and can sign in."""
    there = Membership.objects.filter(
        organisation=petition.campaign.organisation_id, role__in=CAN_CAMPAIGN
    )
    return User.objects.filter(pk__in=there.values("user"), is_active=True).order_by("pk")


def waiting_for(user: User) -> QuerySet[Petition]:
    """Petitions that this user may approve or refuse, the one that has waited longest first."""
    slugs = Slug.objects.filter(petition=OuterRef("pk"), current=True).values("slug")[:1]
    latest = Version.objects.filter(petition=OuterRef("pk")).order_by("-n")
    asked = Review.objects.filter(petition=OuterRef("pk"), decided_at=None).values("asked_at")[:1]
    return (
        Petition.objects.filter(
            state=PetitionState.IN_REVIEW, campaign__in=campaigns_open_to(user, Right.EDIT)
        )
        .select_related("campaign__organisation", "author")
        .annotate(
            slug=Subquery(slugs),
            title=Subquery(latest.values("title")[:1]),
            ask=Subquery(latest.values("ask")[:1]),
            asked_at=Subquery(asked),
        )
        .order_by("asked_at", "pk")
    )


def reviews_of(petition: Petition) -> QuerySet[Review]:
    """What was decided of it, the latest first."""
    decided = Review.objects.filter(petition=petition, decided_at__isnull=False)
    return decided.select_related("decided_by").order_by("-decided_at")
