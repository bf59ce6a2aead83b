"""A petition's page, and its count as a fragment."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
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
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.territory import PublicTerritory
from levier.gathering.petitions.queries import (
    PetitionPage,
    languages_of,
    mandate_of,
    press_links,
    published_comments,
    versions_of,
)
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.petitions.rules.partners import partner_named
from levier.gathering.petitions.rules.phases import finished_on, is_finished, is_signable
from levier.gathering.petitions.rules.switches import thrown_for
from levier.gathering.signing.errors import IntakeBusy
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.organisations import organisations_behind
from levier.gathering.signing.queries.tally import tally_of
from levier.gathering.updates.queries.published import published_of

KEPT = 5  # seconds one rendering serves all readers (P42)
REF_PLACE = "@@ref@@"
VOICES = 4
ORGANISATIONS = 12
ARTICLES = 6
NEWS = 3


@gzip_page
@require_safe
def petition(request: HttpRequest, slug: str) -> HttpResponse:
    """The page. The same bytes for all, but for the code of who brought the visitor (P45), and
    the box of the partner whose link was followed."""
    named = request.GET.get("par", "")[:60]
    if (body := cache.get(_key(slug, named))) is None:
        page = page_or_404(slug)
        if page.slug != slug:
            return _moved(request, page.slug)
        context = page_context(page, now=_now(), partner=partner_named(page.petition, named))
        body = render_to_string("public/pages/petition.html", context)
        cache.set(_key(slug, named), body, KEPT)
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
    refusal = refusal_of(request) or busy(request)
    partner = partner_named(page.petition, refusal.typed.get("par", ""))
    context = page_context(page, now=_now(), refusal=refusal, partner=partner)
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


def busy(request: HttpRequest) -> Refusal:
    """What is said when the signing path, which stands in front of us, did not answer."""
    message = str(IntakeBusy())
    return Refusal(status=503, message=message, typed=request.POST.dict(), retry_after=60)


def page_context(
    page: PetitionPage,
    *,
    now: datetime,
    refusal: Refusal | None = None,
    partner: Partner | None = None,
    tally: Tally | None = None,
) -> dict[str, Any]:
    """Everything the petition's page says; `tally` for one that is not published yet."""
    petition, address = page.petition, petition_address(page.slug)
    thrown = thrown_for(petition)
    behind = list(organisations_behind(petition)[: ORGANISATIONS + 1])
    thermometer = thermometer_of(petition, tally or tally_of(petition.pk))
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
        "languages": languages_of(petition),
        "home_address": address,
        "thermometer": thermometer,
        "thrown": thrown,
        "signable": is_signable(petition, now=now) and not thrown.signatures,
        "finished": is_finished(petition, now=now),
        "finished_on": finished_on(petition),
        "picture": picture_of(page.version),
        "comments": comments[:VOICES],
        "comments_count": comments.count(),
        "press": press_links(petition)[:ARTICLES],
        "news": published_of(petition)[:NEWS],
        "media": settings.MEDIA_URL,
        "address": address,
        "card": card_address(page, thermometer),
        "territory_shown": PublicTerritory.objects.filter(petition=petition).exists(),
        "sign_address": reverse("sign", args=[page.slug]),
        "mailto": mailto(title, f"{page.version.ask}\n\n{address}"),
        "text_message": text_message(f"{title} {address}"),
        "refusal": refusal,
        "ref": refusal.typed.get("ref", "") if refusal else REF_PLACE,
        "organisations": behind[:ORGANISATIONS],
        "organisations_more": len(behind) > ORGANISATIONS,
        "partner": partner,
        "carried": {"par": partner.slug} if partner else {},
        **sheet_of(petition, refusal, partner=partner),
    }


def _moved(request: HttpRequest, slug: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    address = reverse("petition", args=[slug]) + (f"?{query}" if query else "")
    return HttpResponsePermanentRedirect(address)


def _key(slug: str, partner: str) -> str:
    return f"petition-page:{slug}:{quote(partner)}"


def _now() -> datetime:
    return timezone.now()
