"""What only the desk reads: petitions of a team, their latest words, their comments."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.enums import Right
from levier.foundation.campaigns.rules import campaigns_open_to
from levier.foundation.directory.models import Mandate
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment, CommentReport
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
    """Words in one state: to read, the oldest first; else the latest first. Each with the reports
    made since the team last looked."""
    found: QuerySet[Comment] = _with_reports(petition).filter(state=state)
    if state == CommentState.WAITING:
        return found.order_by("created_at", "pk")
    return found.order_by("-created_at", "-pk")


def comments_reported(petition: Petition) -> QuerySet[Comment]:
    """Published words that readers reported since the team last looked, the most reported first."""
    published = _with_reports(petition).filter(state=CommentState.PUBLISHED)
    found: QuerySet[Comment] = published.filter(reports__gt=0).order_by("-reports", "created_at")
    return found


def comments_allowed(petition: Petition, use: str) -> QuerySet[Comment]:
    """Published words that their author lets serve: `for_press` or `for_dossier` (P53)."""
    published = _with_reports(petition).filter(state=CommentState.PUBLISHED)
    found: QuerySet[Comment] = published.filter(**{use: True})
    return found.order_by(F("featured_at").desc(nulls_last=True), "-created_at", "-pk")


def comment_counts(petition: Petition) -> dict[str, int]:
    """How many comments in each state, how many reported, how many may serve for what."""
    published = Q(state=CommentState.PUBLISHED)
    counts: dict[str, int] = (
        _with_reports(petition)
        .order_by()
        .aggregate(
            **{str(state): Count("pk", filter=Q(state=state)) for state in CommentState},
            reported=Count("pk", filter=published & Q(reports__gt=0)),
            for_press=Count("pk", filter=published & Q(for_press=True)),
            for_dossier=Count("pk", filter=published & Q(for_dossier=True)),
        )
    )
    return counts


def _with_reports(petition: Petition) -> Any:
    """Each comment with its reports: those made after the team last looked."""
    since = Q(comment=OuterRef("pk")) & (
        Q(at__gt=OuterRef("moderated_at")) | Q(comment__moderated_at=None)
    )
    counted = CommentReport.objects.filter(since).order_by().values("comment")
    reports = Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)
    found = Comment.objects.filter(petition=petition).select_related("moderated_by")
    return found.annotate(reports=reports)


def milestones_of(petition: Petition) -> QuerySet[Milestone]:
    """Thresholds passed, the lowest first."""
    return Milestone.objects.filter(petition=petition).order_by("threshold")
