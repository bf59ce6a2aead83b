"""What public pages share: finding a petition, and how long an answer may be kept."""

import re

from django.http import Http404, HttpResponse

from levier.gathering.petitions.models.removal import Removal
from levier.gathering.petitions.queries import PetitionPage, page_of, removal_at

FRESH = "public, max-age=5, stale-while-revalidate=10, stale-if-error=25"
SECRET = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
CODE = re.compile(r"[0-9A-Za-z]{8}")


def looks_like_a_code(text: str) -> bool:
    """Whether a text may be a personal share code (P45): anything else is not even looked for."""
    return CODE.fullmatch(text) is not None


def page_or_404(slug: str) -> PetitionPage:
    """The page at an address, or 404 for what the public may not read."""
    page = page_of(slug)
    if page is None:
        removal = removal_at(slug)
        raise Removed(removal) if removal else Http404
    return page


class Removed(Http404):
    """A petition that its organisation took away: told as such (410), with the reason."""

    def __init__(self, removal: Removal) -> None:
        super().__init__()
        self.removal = removal


def fresh(response: HttpResponse) -> HttpResponse:
    """The same for all, for a few seconds (P37, P42)."""
    response["Cache-Control"] = FRESH
    return response


def secret(response: HttpResponse) -> HttpResponse:
    """A page whose address is a key: kept by nobody, told to nobody."""
    for name, value in SECRET.items():
        response[name] = value
    return response
