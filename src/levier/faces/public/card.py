"""The Open Graph card: title and count as an image, drawn by Typst (P49)."""

from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import as_file, files

import orjson
import typst
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from levier.faces.public.pages import page_or_404
from levier.faces.public.sharing import absolute
from levier.faces.public.thermometer import Thermometer, thermometer_of
from levier.foundation.common.typography import french_spaces, number
from levier.gathering.petitions.enums import FINISHED, PetitionState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.queries import PetitionPage
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.petitions.rules.goals import next_goal, next_threshold
from levier.gathering.signing.queries.tally import tally_of

STANDS = int(timedelta(minutes=10).total_seconds())  # how long a figure stays on the card
KEPT = int(timedelta(days=1).total_seconds())
CARDS = "cards"  # shared by the processes of one machine


@require_safe
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """The card as it stands, whatever figure its address carries."""
    page = page_or_404(slug)
    if page.slug != slug:
        return redirect("card", slug=page.slug, permanent=True)
    total = thermometer_of(page.petition, tally_of(page.petition.pk)).total
    response = HttpResponse(_image(page, published_figure(page, total)), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={STANDS}"
    return response


def card_address(page: PetitionPage, thermometer: Thermometer) -> str:
    """The card's address, which changes with each published figure."""
    path = reverse("card", args=[page.slug])
    return absolute(f"{path}?n={published_figure(page, thermometer.total)}")


def published_figure(page: PetitionPage, total: int) -> int:
    """The count on the card: another at most every ten minutes, and at each milestone."""
    key = f"figure:{page.petition.pk}"
    standing = caches[CARDS].get(key)
    if standing is not None and total < next_threshold(standing):
        return int(standing)
    caches[CARDS].set(key, total, STANDS)
    return total


def draw_card(page: PetitionPage, figure: int) -> bytes:
    """A PNG of 1200 × 630 pixels."""
    return drawn(card_words(page, figure))


def drawn(words: Mapping[str, str | int | None]) -> bytes:
    """The same, of any words."""
    with as_file(files("levier") / "typst" / "card.typ") as template:
        image = typst.compile(
            str(template),
            root=str(template.parent),
            format="png",
            ppi=72,
            ignore_system_fonts=True,
            sys_inputs={"card": orjson.dumps(words).decode()},
        )
    if not isinstance(image, bytes):
        raise TypeError("a card has one page")
    return image


def _image(page: PetitionPage, figure: int) -> bytes:
    petition = page.petition
    key = f"card:{page.version.pk}:{petition.state}:{figure}"
    image: bytes | None = caches[CARDS].get(key)
    if image is None:
        image = draw_card(page, figure)
        caches[CARDS].set(key, image, KEPT)
    return image


def card_words(page: PetitionPage, figure: int) -> dict[str, str | int | None]:
    """What the card of a petition says."""
    petition = page.petition
    return {
        "kicker": _kicker(petition),
        "title": french_spaces(page.version.title),
        "figure": number(figure),
        "words": ngettext("signature", "signatures", figure),
        "percent": None if petition.state in FINISHED else _percent(petition, figure),
        "organisation": petition.campaign.organisation.name,
    }


def _percent(petition: Petition, figure: int) -> int:
    return min(figure * 100 // next_goal(figure, petition.fixed_goal), 100)


def _kicker(petition: Petition) -> str:
    addressee = addressee_of(petition)
    words = {"addressee": addressee.short}
    if petition.state == PetitionState.WON:
        return _("Pétition gagnée")
    if addressee.name:
        return _("Pétition à %(addressee)s") % words
    return _("Pétition adressée à\u00a0: %(addressee)s") % words
