"""Personal share links (P45) and QR codes."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from levier.faces.public.pages import looks_like_a_code, page_or_404
from levier.faces.public.sharing import petition_address, qr_file
from levier.gathering.petitions.queries import current_slug
from levier.gathering.signing.queries.codes import petition_of_code

A_DAY = "public, max-age=86400"


@require_safe
def share(request: HttpRequest, code: str) -> HttpResponse:
    """To the petition, remembering in its address who brought the visitor."""
    petition = petition_of_code(code) if looks_like_a_code(code) else None
    slug = None if petition is None else current_slug(petition)
    if slug is None:
        return redirect("home")
    address = f"{reverse('petition', args=[slug])}?{urlencode({'ref': code})}"
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    """The petition's address as a QR code, to print or to show."""
    page = page_or_404(slug)
    response = HttpResponse(qr_file(petition_address(page.slug)), content_type="image/svg+xml")
    response["Cache-Control"] = A_DAY
    return response
