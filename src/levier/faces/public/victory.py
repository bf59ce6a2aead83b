"""What was obtained: the ask, the decision, the day, the count, and thanks (P62)."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from levier.faces.public.card import card_address
from levier.faces.public.media import picture_of
from levier.faces.public.pages import fresh, page_or_404
from levier.faces.public.sharing import absolute
from levier.faces.public.thermometer import thermometer_of
from levier.foundation.common.scans import KINDS, PROOFS, scan_file
from levier.gathering.petitions.models.victory import Victory
from levier.gathering.petitions.queries import published_comments
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.petitions.rules.victories import first_name_of, one_of_many
from levier.gathering.signing.queries.tally import tally_of

VOICES = 3


@gzip_page
@require_safe
def victory(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a petition that won; none before that."""
    page = page_or_404(slug)
    won = Victory.objects.filter(petition=page.petition).first()
    if won is None:
        raise Http404
    if page.slug != slug:
        return redirect("victory", slug=page.slug, permanent=True)
    thermometer = thermometer_of(page.petition, tally_of(page.petition.pk))
    one = one_of_many(page.petition)
    context = {
        "page": page,
        "slug": page.slug,
        "petition": page.petition,
        "version": page.version,
        "organisation": page.petition.campaign.organisation,
        "addressee": addressee_of(page.petition),
        "victory": won,
        "thermometer": thermometer,
        "picture": picture_of(page.version),
        "first_name": first_name_of(one) if one else "",
        "comments": published_comments(page.petition)[:VOICES],
        "card": card_address(page, thermometer),
        "address": absolute(request.path),
    }
    return fresh(render(request, "public/pages/victory.html", context))


@require_safe
def proof(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The paper that proves it. A picture is shown; a PDF is saved, never opened in our pages."""
    page = page_or_404(slug)
    won = Victory.objects.filter(petition=page.petition).first()
    path = scan_file(won.evidence_file, folder=PROOFS) if won else None
    if path is None:
        raise Http404
    response = FileResponse(
        path.open("rb"),
        content_type=KINDS[path.suffix],
        as_attachment=path.suffix == ".pdf",
        filename=f"preuve-{page.slug}{path.suffix}",
    )
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
