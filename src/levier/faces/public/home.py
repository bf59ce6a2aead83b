"""The petitions: open ones, won ones, by theme, and a search."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from levier.faces.public.media import Picture, picture_of
from levier.faces.public.pages import fresh
from levier.faces.public.thermometer import Thermometer, thermometer_of
from levier.gathering.petitions.models.petition import Slug
from levier.gathering.petitions.queries import (
    PetitionPage,
    open_petitions,
    theme_at,
    themes_in_use,
    won_petitions,
)
from levier.gathering.petitions.rules.addressees import Addressee, addressee_of
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import tallies_of

PER_PAGE = 20
WON_SHOWN = 6
LONGEST_SEARCH = 100


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A petition as a list shows it."""

    page: PetitionPage
    addressee: Addressee
    thermometer: Thermometer
    picture: Picture | None


@gzip_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    search, slug = _searched(request), request.GET.get("theme", "")
    used = list(themes_in_use())
    theme = next((one for one in used if one.slug == slug), None) or theme_at(slug)
    named = theme.slug if theme else ""
    page = Paginator(open_petitions(search, named), PER_PAGE).get_page(request.GET.get("page"))
    won = list(won_petitions(search, named)[:WON_SHOWN])
    tallies = tallies_of([address.petition_id for address in (*page, *won)])
    context = {
        "here": "home",
        "search": search,
        "theme": theme,
        "themes": used,
        "page": page,
        "open": listed(page, tallies),
        "won": listed(won, tallies),
    }
    return fresh(render(request, "public/pages/home.html", context))


def _searched(request: HttpRequest) -> str:
    typed = "".join(c for c in request.GET.get("q", "") if c.isprintable())
    return typed.strip()[:LONGEST_SEARCH]


def listed(pages: Iterable[Slug], tallies: dict[int, Tally]) -> list[Listed]:
    """Petitions as a list shows them, with their counts."""
    return [
        Listed(
            page=(page := PetitionPage(petition=address.petition, slug=address.slug)),
            addressee=addressee_of(page.petition),
            thermometer=thermometer_of(page.petition, tallies[page.petition.pk]),
            picture=picture_of(page.version),
        )
        for address in pages
    ]
