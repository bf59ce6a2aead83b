"""The sign form in a frame: no cookie, nothing of a third party, whole without JavaScript (P25).

Browsers keep the list of allowed sites (`frame-ancestors`); the signing path asks again (P60).
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from levier.faces.public.embed.look import Look, look_in
from levier.faces.public.pages import fresh, page_or_404, secret
from levier.faces.public.petition import busy
from levier.faces.public.refusal import Refusal, refusal_of
from levier.faces.public.sharing import personal_address, petition_address
from levier.faces.public.sign_sheet import sheet_of
from levier.faces.public.thanks import receipt_of
from levier.faces.public.thermometer import thermometer_of
from levier.gathering.petitions.queries import PetitionPage
from levier.gathering.petitions.rules.partners import every_site, partner_named, sites_for
from levier.gathering.petitions.rules.phases import finished_on, is_finished, is_signable
from levier.gathering.petitions.rules.sites import frame_ancestors, is_allowed
from levier.gathering.petitions.rules.switches import thrown_for
from levier.gathering.signing.queries.tally import tally_of


@xframe_options_exempt
@gzip_page
@require_safe
def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, or the result once it is over. The same bytes for all who ask the same look."""
    page = page_or_404(slug)
    if page.slug != slug:
        query = request.META.get("QUERY_STRING", "")
        address = reverse("embed", args=[page.slug]) + (f"?{query}" if query else "")
        return HttpResponsePermanentRedirect(address)
    return fresh(_page(request, page, look_in(request.GET.dict()), now=timezone.now()))


@xframe_options_exempt
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def refused(request: HttpRequest, slug: str) -> HttpResponse:
    """The frame again, with what was typed and why it was not taken; see `petition.refused`."""
    page = page_or_404(slug)
    if request.method != "POST":
        return HttpResponsePermanentRedirect(reverse("embed", args=[page.slug]))
    refusal = refusal_of(request) or busy(request)
    look = look_in(refusal.typed)
    response = _page(request, page, look, now=timezone.now(), refusal=refusal)
    response.status_code = refusal.status
    response["Cache-Control"] = "no-store"
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


@xframe_options_exempt
@require_safe
def thanks(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The number and the thanks, without leaving the other site; sharing opens beside it."""
    page, now = page_or_404(slug), timezone.now()
    given = receipt_of(page, token, now=now)
    context = {
        **_common(page, look_in(request.GET.dict()), now=now),
        "receipt": given.receipt if given else None,
        "share": personal_address(given.receipt.code) if given else "",
        "thanks_address": reverse("thanks", args=[page.slug, token]),
    }
    status = 200 if given else 404
    response = secret(render(request, "public/embed/thanks.html", context, status=status))
    return _shown_on(response, every_site(page.petition))


def _page(
    request: HttpRequest,
    page: PetitionPage,
    look: Look,
    *,
    now: datetime,
    refusal: Refusal | None = None,
) -> HttpResponse:
    partner = partner_named(page.petition, look.partner)
    sites = sites_for(page.petition, partner)
    context = {
        **_common(page, look, now=now),
        **sheet_of(page.petition, refusal, partner=partner),
        "refusal": refusal,
        "ref": refusal.typed.get("ref", "") if refusal else look.ref,
        "carried": look.carried,
        "partner": partner,
        # What was typed is shown again, even where it cannot be sent from.
        "expected": refusal is not None or not look.site or is_allowed(look.site, sites),
    }
    return _shown_on(render(request, "public/embed/frame.html", context), sites)


def _common(page: PetitionPage, look: Look, *, now: datetime) -> dict[str, Any]:
    petition = page.petition
    thrown = thrown_for(petition)
    return {
        "slug": page.slug,
        "petition": petition,
        "version": page.version,
        "campaign": petition.campaign,
        "look": look,
        "framed": True,
        "thrown": thrown,
        "signable": is_signable(petition, now=now) and not thrown.signatures,
        "finished": is_finished(petition, now=now),
        "finished_on": finished_on(petition),
        "thermometer": thermometer_of(petition, tally_of(petition.pk)),
        "sign_address": reverse("embed_sign", args=[page.slug]),
        "address": petition_address(page.slug),
    }


def _shown_on(response: HttpResponse, sites: list[str]) -> HttpResponse:
    """Say to browsers which sites may show it."""
    response._csp_replace = {"frame-ancestors": frame_ancestors(sites)}  # type: ignore[attr-defined]
    return response
