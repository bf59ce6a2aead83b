"""What is not public yet, exactly as it will be: page, card, thanks mail (P7).

The same templates and the same code as in public, over rows or over objects that are no rows yet.
The answers may be framed by our own pages, send no form and run nothing.
"""

import hashlib
from datetime import datetime

from django.core.cache import caches
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from levier.faces.public.card import CARDS, KEPT, draw_card
from levier.faces.public.petition import REF_PLACE, page_context
from levier.foundation.messaging.mails.compiled import Rendered
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.queries import PetitionPage
from levier.gathering.signing.actions.write_sample_thanks import write_sample_thanks
from levier.gathering.signing.models.tally import Tally

PAGE_WALL = (
    "default-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)
MAIL_WALL = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
FIRST_SIGNATORY = "Camille"


def as_opened(petition: Petition, version: Version, slug: str, *, now: datetime) -> PetitionPage:
    """The page at the moment of opening; the objects are changed in memory only."""
    version.published_at = version.published_at or now
    petition.version, petition.state = version, PetitionState.OPEN
    petition.published_at = petition.published_at or now
    return PetitionPage(petition=petition, slug=slug)


def unpublished_page(page: PetitionPage) -> HttpResponse:
    """The page as its readers will see it."""
    now = timezone.now()
    nobody = Tally(petition=page.petition, updated_at=now)
    body = render_to_string(
        "public/pages/petition.html",
        {**page_context(page, now=now, tally=nobody), "unpublished": True},
    )
    return framed(HttpResponse(body.replace(REF_PLACE, "")), PAGE_WALL)


def unpublished_card(page: PetitionPage) -> HttpResponse:
    """The card as it will be shared, drawn once for the same words."""
    petition = page.petition
    said = "\0".join(
        (
            page.version.title,
            petition.campaign.organisation.name,
            str(petition.addressee_person),
            str(petition.addressee_post),
            petition.addressee_text,
        )
    )
    key = f"unpublished:{hashlib.sha256(said.encode()).hexdigest()}"
    image = caches[CARDS].get(key)
    if image is None:
        image = draw_card(page, 0)
        caches[CARDS].set(key, image, KEPT)
    return HttpResponse(image, content_type="image/png")


def unpublished_mail(page: PetitionPage) -> HttpResponse:
    """The HTML of the thanks mail, behind a wall."""
    return framed(HttpResponse(thanks_mail(page).html), MAIL_WALL)


def thanks_mail(page: PetitionPage) -> Rendered:
    """The thanks that the first signatory will receive."""
    return write_sample_thanks(
        petition=page.petition, slug=page.slug, first_name=FIRST_SIGNATORY, now=timezone.now()
    )


def framed(response: HttpResponse, wall: str) -> HttpResponse:
    """An answer that our own pages may show in a frame, and nobody keeps."""
    response["Content-Security-Policy"] = wall
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
