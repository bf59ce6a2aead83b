"""A petition's page, and its count as a fragment."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from levier.faces.public.card import card_address
from levier.faces.public.media import picture_of
from levier.faces.public.pages import fresh, looks_like_a_code, page_or_404
from levier.faces.public.refusal import Refusal, refusal_of
from levier.faces.public.sharing import mailto, petition_address, text_message
from levier.faces.public.sign_sheet import sheet_of
from levier.faces.public.thermometer import thermometer_of
from levier.gathering.petitions.queries import (
    PetitionPage,
    mandate_of,
    published_comments,
    versions_of,
)
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.petitions.rules.phases import finished_on, is_finished, is_signable
from levier.gathering.signing.queries.tally import tally_of

KEPT = 5  # seconds one rendering serves all readers (P42)
REF_PLACE = "@@ref@@"
VOICES = 4


@gzip_page
@require_safe
def petition(request: HttpRequest, slug: str) -> HttpResponse:
    """The page. The same bytes for all, but for the code of who brought the visitor (P45)."""
    if (body := cache.get(_key(slug))) is None:
        page = page_or_404(slug)
        if page.slug != slug:
            return _moved(request, page.slug)
        body = render_to_string("public/pages/petition.html", page_context(page, now=_now()))
        cache.set(_key(slug), body, KEPT)
    code = request.GET.get("ref", "")
    return fresh(HttpResponse(body.replace(REF_PLACE, code if looks_like_a_code(code) else "")))


@gzip_page
@require_safe
def count(request: HttpRequest, slug: str) -> HttpResponse:
    """The thermometer alone, re-read every ten seconds (P38)."""
    page = page_or_404(slug)
    context = {
        "thermometer": thermometer_of(page.petition, tally_of(page.petition.pk)),
        "finished": is_finished(page.petition, now=_now()),
        "alone": True,
    }
    return fresh(render(request, "public/components/count.html", context))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def refused(request: HttpRequest, slug: str) -> HttpResponse:
    """The page again, with what was typed and why it was not taken.

    The signing path itself stands in front of this application; what reaches us is its refusals.
    """
    page = page_or_404(slug)
    if request.method != "POST":
        return redirect(f"{reverse('petition', args=[page.slug])}#signer")
    refusal = refusal_of(request) or Refusal(
        status=503,
        message=_(
            "Beaucoup de monde signe en ce moment. Réessayez dans une minute ; "
            "votre texte est gardé dans cette page."
        ),
        typed=request.POST.dict(),
        retry_after=60,
    )
    context = page_context(page, now=_now(), refusal=refusal)
    body = render_to_string("public/pages/petition.html", context)
    response = HttpResponse(body.replace(REF_PLACE, ""), status=refusal.status)
    response["Cache-Control"] = "no-store"
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


@gzip_page
@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every text the petition had, the latest first (P6)."""
    page = page_or_404(slug)
    if page.slug != slug:
        return redirect("versions", slug=page.slug, permanent=True)
    context = {"page": page, "slug": page.slug, "versions": versions_of(page.petition)}
    return fresh(render(request, "public/pages/versions.html", context))


def page_context(
    page: PetitionPage, *, now: datetime, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Everything the petition's page says."""
    petition, address = page.petition, petition_address(page.slug)
    thermometer = thermometer_of(petition, tally_of(petition.pk))
    comments = published_comments(petition)
    title = page.version.title
    return {
        "page": page,
        "slug": page.slug,
        "petition": petition,
        "version": page.version,
        "campaign": petition.campaign,
        "organisation": petition.campaign.organisation,
        "addressee": addressee_of(petition),
        "mandate": mandate_of(petition),
        "thermometer": thermometer,
        "signable": is_signable(petition, now=now),
        "finished": is_finished(petition, now=now),
        "finished_on": finished_on(petition),
        "picture": picture_of(page.version),
        "comments": comments[:VOICES],
        "comments_count": comments.count(),
        "address": address,
        "card": card_address(page, thermometer),
        "sign_address": reverse("sign", args=[page.slug]),
        "mailto": mailto(title, f"{page.version.ask}\n\n{address}"),
        "text_message": text_message(f"{title} {address}"),
        "refusal": refusal,
        "ref": refusal.typed.get("ref", "") if refusal else REF_PLACE,
        **sheet_of(petition, refusal),
    }


def _moved(request: HttpRequest, slug: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    address = reverse("petition", args=[slug]) + (f"?{query}" if query else "")
    return HttpResponsePermanentRedirect(address)


def _key(slug: str) -> str:
    return f"petition-page:{slug}"


def _now() -> datetime:
    return timezone.now()
