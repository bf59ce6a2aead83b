"""The Atom feed of a petition's news (U60)."""

import hashlib

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from levier.faces.public.pages import page_or_404
from levier.foundation.common.typography import french_spaces
from levier.gathering.updates.channels.feed import MADE_FOR, news_feed
from levier.gathering.updates.queries.published import published_of

KEPT = "public, max-age=300"
MOST = 50


def edition(request: HttpRequest, slug: str) -> str:
    """What tells one state of the feed from another, in one statement more than finding it."""
    page = page_or_404(slug)
    state = published_of(page.petition).aggregate(
        n=Count("pk"),
        last=Max("update__published_at"),
        corrected=Max("update__corrected_at"),
        number=Max("update__n"),
    )
    told = (page.petition.pk, page.slug, page.version.pk, *state.values())
    return f'"{hashlib.sha256(repr(told).encode()).hexdigest()[:20]}"'


@gzip_page
@require_safe
@condition(etag_func=edition)
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What is published, in full, the latest fifty; valid without any."""
    page = page_or_404(slug)
    if page.slug != slug:
        return redirect("news_feed", slug=page.slug, permanent=True)
    organisation = page.petition.campaign.organisation.name
    body = news_feed(
        petition=page.petition,
        slug=page.slug,
        title=f"{french_spaces(page.version.title)} · {organisation}",
        author=organisation,
        news=list(published_of(page.petition)[:MOST]),
    )
    response = HttpResponse(body, content_type=MADE_FOR)
    response["Cache-Control"] = KEPT
    return response
