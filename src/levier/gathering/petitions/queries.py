"""What the public reads of petitions: pages, lists, words of signatories."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.contrib.postgres.search import SearchRank
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from levier.foundation.accounts.models import Organisation
from levier.foundation.campaigns.models import Campaign, Theme
from levier.foundation.common.full_text import any_word, every_word, text_vector
from levier.foundation.common.languages import Language, language_at
from levier.foundation.common.typography import french_spaces
from levier.foundation.directory.models import Mandate
from levier.foundation.directory.queries import mandates_on, matching
from levier.foundation.people.rules import petition_in
from levier.gathering.petitions.enums import PUBLIC, CommentState, PetitionState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import SEARCHED, Petition, Slug, Version
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.petitions.models.removal import Removal
from levier.gathering.petitions.models.share_text import ShareText
from levier.gathering.petitions.models.translation import Translation

PAGE_WITH = (
    "petition__version",
    "petition__campaign__organisation",
    "petition__author",
    "petition__addressee_post__organization",
    "petition__addressee_person",
)
SIMILAR_SHOWN = 5
SLUG = re.compile(r"[-a-z0-9]{1,60}")
SLUG_AT = re.compile(r"[-\w]{1,120}", re.ASCII)
ALIKE = 0.25  # of a rank where one word of the title alone weighs 0.6


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


def origin_at(slug: str) -> Petition | None:
    """The petition in public at an address that somebody brought along, or None."""
    if not SLUG_AT.fullmatch(slug):
        return None
    found = Slug.objects.filter(slug=slug, petition__state__in=PUBLIC).select_related("petition")
    return next((one.petition for one in found), None)


def removal_at(slug: str) -> Removal | None:
    """What is said of a petition that was at an address, old or current, and was removed."""
    asked = Slug.objects.filter(slug=slug, petition__state=PetitionState.REMOVED)
    return (
        Removal.objects.filter(petition__in=asked.values("petition"))
        .select_related("petition__campaign__organisation")
        .first()
    )


def current_slug(petition: int) -> str | None:
    """The address of a petition the public may read, or None."""
    return (
        Slug.objects.filter(petition=petition, current=True, petition__state__in=PUBLIC)
        .values_list("slug", flat=True)
        .first()
    )


def desk_slug(petition: Petition) -> str:
    """Its current address, whatever its state."""
    return Slug.objects.get(petition=petition, current=True).slug


def latest_title(petition: Petition) -> str:
    """Its latest title, published or not, as its team knows it."""
    return Version.objects.filter(petition=petition).latest("n").title


def titles_of_scopes(scopes: Iterable[str]) -> dict[str, str]:
    """The latest title of each petition that a scope names, as it is shown: « petition:12 » →
    title."""
    found = {scope: pk for scope in scopes if (pk := petition_in(scope)) is not None}
    if not found:
        return {}
    latest = Version.objects.filter(petition__in=found.values()).order_by("petition", "-n")
    titles = dict(latest.distinct("petition").values_list("petition", "title"))
    return {scope: french_spaces(titles[pk]) for scope, pk in found.items() if pk in titles}


def open_petitions(search: str = "", theme: str = "") -> QuerySet[Slug]:
    """Open petitions by their current address, the latest first, or the nearest to a search."""
    return _listed(search, theme, PetitionState.OPEN)


def won_petitions(search: str = "", theme: str = "") -> QuerySet[Slug]:
    """Petitions that won what they asked, by their current address, in the same order."""
    return _listed(search, theme, PetitionState.WON)


def versions_of(petition: Petition) -> QuerySet[Version]:
    """The published texts of a petition, the latest first (P6)."""
    return Version.objects.filter(petition=petition, published_at__isnull=False).order_by("-n")


def translations_of(petition: Petition) -> QuerySet[Translation]:
    """What the public reads in other languages: of each, the first row is the one in force."""
    return Translation.objects.filter(
        version__petition=petition, published_at__isnull=False
    ).order_by("language", "-version__n", "-n")


def languages_of(petition: Petition) -> list[Language]:
    """The other languages its text can be read in."""
    codes = translations_of(petition).values_list("language", flat=True).order_by().distinct()
    return [one for code in sorted(codes) if (one := language_at(code)) is not None]


def published_comments(petition: Petition) -> QuerySet[Comment]:
    """Words of signatories that anyone may read: featured first, then the latest (P52)."""
    return Comment.objects.filter(petition=petition, state=CommentState.PUBLISHED).order_by(
        F("featured_at").desc(nulls_last=True), "-created_at", "-pk"
    )


def share_texts_of(petition: int) -> dict[str, str]:
    """The team's words in force for some networks (ShareNetwork), by network: the petition's own,
    else those of its campaign, else those of the organisation. One statement."""
    return _share_texts(Petition.objects.filter(pk=petition), own=True)


def share_texts_above(petition: Petition) -> dict[str, str]:
    """What a petition follows where it has no words of its own."""
    return _share_texts(Petition.objects.filter(pk=petition.pk), own=False)


def own_share_texts(whose: Petition | Campaign | Organisation) -> dict[str, str]:
    """The words that somebody chose for this very one."""
    name = type(whose).__name__.lower()
    return dict(ShareText.objects.filter(**{name: whose}).values_list("network", "text"))


def _share_texts(petition: QuerySet[Petition], *, own: bool) -> dict[str, str]:
    whose = Q(campaign__in=petition.values("campaign")) | Q(
        organisation__in=petition.values("campaign__organisation")
    )
    if own:
        whose |= Q(petition__in=petition)
    # The farthest first: what is nearer takes its place.
    farthest_first = (F("organisation").asc(nulls_last=True), F("campaign").asc(nulls_last=True))
    texts = ShareText.objects.filter(whose).order_by(*farthest_first)
    return dict(texts.values_list("network", "text"))


def press_links(petition: Petition) -> QuerySet[PressLink]:
    """What the press said, the latest first."""
    return PressLink.objects.filter(petition=petition).order_by("-day", "-pk")


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


def themes() -> QuerySet[Theme]:
    """What petitions are about, in the order of the site."""
    return Theme.objects.order_by("position", "name")


def theme_at(slug: str) -> Theme | None:
    """The theme of that name in addresses; a text that names none finds none."""
    return Theme.objects.filter(slug=slug).first() if SLUG.fullmatch(slug) else None


def themes_in_use() -> QuerySet[Theme]:
    """The themes of open petitions: one that leads to an empty list is not shown."""
    opened = Petition.objects.filter(state=PetitionState.OPEN, theme__isnull=False)
    return themes().filter(pk__in=opened.values("theme"))


def similar_to(words: str, *, limit: int = SIMILAR_SHOWN) -> list[Slug]:
    """Open petitions that speak of the same thing, the nearest first (P4).

    Any word in common makes a candidate, and its rank must reach what a word of the title or two
    of the text weigh.
    """
    if not words.strip():
        return []
    return list(_ranked(_pages(PetitionState.OPEN), any_word(words), least=ALIKE)[:limit])


def addressable(typed: str, *, on: date) -> QuerySet[Mandate]:
    """Decision-makers whom anybody launching a petition may choose, in the order of P3.

    Those already addressed in public, and those written down by the organisations that welcome
    their supporters' petitions: the notes of the others stay theirs.
    """
    addressed = Petition.objects.filter(
        state__in=PUBLIC,
        addressee_person=OuterRef("person"),
        addressee_post=OuterRef("post"),
    )
    known = mandates_on(on).filter(Q(owner__welcomes_petitions=True) | Exists(addressed))
    return matching(known, typed)


def _pages(state: PetitionState) -> QuerySet[Slug]:
    return Slug.objects.filter(current=True, petition__state=state).select_related(*PAGE_WITH)


def _listed(search: str, theme: str, state: PetitionState) -> QuerySet[Slug]:
    pages = _pages(state)
    if theme:
        pages = pages.filter(petition__theme__slug=theme)
    if search.strip():
        return _ranked(pages, every_word(search))
    return pages.order_by("-petition__published_at", "-petition")


def _ranked(pages: QuerySet[Slug], query: Combinable, *, least: float = 0.0) -> QuerySet[Slug]:
    """Only the texts that match, found by the index of `Version`, the nearest first."""
    found = Version.objects.annotate(text=text_vector(SEARCHED)).filter(text=query).values("pk")
    weight = SearchRank(text_vector(SEARCHED, under="petition__version__"), query)
    return (
        pages.filter(petition__version__in=found)
        .annotate(rank=weight)
        .filter(rank__gte=least)
        .order_by("-rank", "-petition__published_at", "-petition")
    )
