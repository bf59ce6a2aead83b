"""What only the desk reads: petitions of a team, their latest words, their comments."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.enums import Right
from levier.foundation.campaigns.rules import campaigns_open_to
from levier.foundation.directory.models import Mandate
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition, Slug, Version
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import tallies_of


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A petition in a list: its words, its address, its count."""

    petition: Petition
    title: str
    slug: str
    tally: Tally | None


def petitions_of(user: User) -> list[Listed]:
    """Petitions whose numbers this user may see, the latest first. Two statements, always.

    Their own too, launched at an organisation where they do not work.
    """
    open_to = Q(campaign__in=campaigns_open_to(user, Right.READ))
    slugs = Slug.objects.filter(petition=OuterRef("pk"), current=True).values("slug")[:1]
    titles = Version.objects.filter(petition=OuterRef("pk")).order_by("-n").values("title")[:1]
    petitions = list(
        Petition.objects.filter(open_to | Q(is_supporters=True, author=user))
        .select_related("campaign__organisation")
        .annotate(slug=Subquery(slugs), title=Subquery(titles))
        .order_by("-created_at", "-pk")
    )
    tallies = tallies_of(petition.pk for petition in petitions)
    return [
        Listed(petition=one, title=one.title, slug=one.slug, tally=tallies.get(one.pk))
        for one in petitions
    ]


def latest_words(petition: Petition) -> Version:
    """The draft, or what the public reads."""
    return Version.objects.filter(petition=petition).latest("n")


def mandate_of(petition: Petition) -> Mandate | None:
    """The directory's line for the person and post a petition is addressed to."""
    if petition.addressee_person_id is None or petition.addressee_post_id is None:
        return None
    return (
        Mandate.objects.filter(person=petition.addressee_person_id, post=petition.addressee_post_id)
        .order_by("-pk")
        .first()
    )


def comments_in(petition: Petition, state: CommentState) -> QuerySet[Comment]:
    """Words in one state: to read, the oldest first; else the latest first, featured before."""
    found = Comment.objects.filter(petition=petition, state=state).select_related("moderated_by")
    if state == CommentState.WAITING:
        return found.order_by("created_at", "pk")
    return found.order_by("-created_at", "-pk")


def comment_counts(petition: Petition) -> dict[str, int]:
    """How many comments in each state."""
    rows = Comment.objects.filter(petition=petition).values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows.order_by()}


def milestones_of(petition: Petition) -> QuerySet[Milestone]:
    """Thresholds passed, the lowest first."""
    return Milestone.objects.filter(petition=petition).order_by("threshold")
