"""What the public reads of petitions: pages, lists, words of signatories."""

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import cast

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, Func, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import Combinable

from levier.foundation.accounts.models import Organisation
from levier.foundation.directory.models import Mandate
from levier.gathering.petitions.enums import PUBLIC, CommentState, PetitionState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition, Slug, Version

PAGE_WITH = (
    "petition__version",
    "petition__campaign__organisation",
    "petition__author",
    "petition__addressee_post__organization",
    "petition__addressee_person",
)
ACCENTS = ("àâäáãçéèêëíìîïñóòôöõúùûüýÿ’", "aaaaaceeeeiiiinooooouuuuyy'")
SEARCH = "french"
WEIGHTS = (("title", "A"), ("ask", "B"), ("story", "C"))


@dataclass(frozen=True, kw_only=True)
class PetitionPage:
    """A petition the public may read, with everything its page names already loaded."""

    petition: Petition
    slug: str  # the current one: another asked for means a redirection

    @property
    def version(self) -> Version:
        """The text the public reads; a published petition always has one."""
        return cast("Version", self.petition.version)


def page_of(slug: str) -> PetitionPage | None:
    """The page at an address, old or current; None for none, a draft or a removed petition."""
    current = Slug.objects.filter(petition=OuterRef("petition"), current=True).values("slug")[:1]
    found = (
        Slug.objects.filter(slug=slug, petition__state__in=PUBLIC)
        .select_related(*PAGE_WITH)
        .annotate(current_slug=Subquery(current))
        .first()
    )
    if found is None:
        return None
    return PetitionPage(petition=found.petition, slug=found.current_slug or slug)


def current_slug(petition: int) -> str | None:
    """The address of a petition the public may read, or None."""
    return (
        Slug.objects.filter(petition=petition, current=True, petition__state__in=PUBLIC)
        .values_list("slug", flat=True)
        .first()
    )


def open_petitions(search: str = "") -> QuerySet[Slug]:
    """Open petitions by their current address, the latest first, or the nearest to a search."""
    return _listed(search, PetitionState.OPEN)


def won_petitions(search: str = "") -> QuerySet[Slug]:
    """Petitions that won what they asked, by their current address, in the same order."""
    return _listed(search, PetitionState.WON)


def versions_of(petition: Petition) -> QuerySet[Version]:
    """The published texts of a petition, the latest first (P6)."""
    return Version.objects.filter(petition=petition, published_at__isnull=False).order_by("-n")


def published_comments(petition: Petition) -> QuerySet[Comment]:
    """Words of signatories that anyone may read: featured first, then the latest (P52)."""
    return Comment.objects.filter(petition=petition, state=CommentState.PUBLISHED).order_by(
        F("featured_at").desc(nulls_last=True), "-created_at", "-pk"
    )


def mandate_of(petition: Petition) -> Mandate | None:
    """The latest mandate by which the addressee holds the post, with where we learnt it."""
    return (
        Mandate.objects.filter(person=petition.addressee_person_id, post=petition.addressee_post_id)
        .order_by(F("start_date").desc(nulls_last=True))
        .first()
    )


def publishers() -> QuerySet[Organisation]:
    """The organisations that have a petition in public, by name."""
    with_a_page = Petition.objects.filter(state__in=PUBLIC).values("campaign__organisation")
    return Organisation.objects.filter(pk__in=with_a_page).order_by("name")


def _listed(search: str, state: PetitionState) -> QuerySet[Slug]:
    pages = Slug.objects.filter(current=True, petition__state=state).select_related(*PAGE_WITH)
    if search.strip():
        return _matching(pages, search)
    return pages.order_by("-petition__published_at", "-petition")


def _matching(pages: QuerySet[Slug], search: str) -> QuerySet[Slug]:
    """French full-text search of PostgreSQL, accents typed or not."""
    vector = reduce(
        add,
        (
            SearchVector(_plain(F(f"petition__version__{name}")), weight=weight, config=SEARCH)
            for name, weight in WEIGHTS
        ),
    )
    query = SearchQuery(_plain(Value(search)), config=SEARCH, search_type="websearch")
    return (
        pages.annotate(text=vector, rank=SearchRank(vector, query))
        .filter(text=query)
        .order_by("-rank", "-petition__published_at", "-petition")
    )


def _plain(text: Combinable) -> Func:
    """Lower case without accents, in PostgreSQL."""
    return Func(
        Func(text, function="lower"),
        Value(ACCENTS[0]),
        Value(ACCENTS[1]),
        function="translate",
        output_field=TextField(),
    )
