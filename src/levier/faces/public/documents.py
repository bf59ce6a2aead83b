"""What anyone may print: paper sheet, poster, flyer, code. Set once for the same words."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from levier.faces.public.pages import page_or_404
from levier.gathering.petitions.channels import documents
from levier.gathering.petitions.queries import PetitionPage
from levier.gathering.petitions.rules.phases import is_finished

AN_HOUR = "public, max-age=3600"
PDF, PNG = "application/pdf", "image/png"


@conditional_page
@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """A paper sheet whose number is left to be written by whoever gathers them."""
    return _printed(
        request,
        slug,
        "feuille",
        lambda page: documents.paper_sheets(page.petition, page.version, page.slug),
    )


@conditional_page
@require_safe
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """`?format=a3` for the large one; A4 otherwise."""
    size: documents.Format = "a3" if request.GET.get("format", "").lower() == "a3" else "a4"
    return _printed(
        request,
        slug,
        f"affiche-{size}",
        lambda page: documents.poster(page.petition, page.version, page.slug, size),
    )


@conditional_page
@require_safe
def flyer(request: HttpRequest, slug: str) -> HttpResponse:
    """Four to a page, to be cut."""
    return _printed(
        request,
        slug,
        "tract",
        lambda page: documents.flyer(page.petition, page.version, page.slug),
    )


@conditional_page
@require_safe
def qr_as_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The code alone, for a printer."""
    return _printed(
        request, slug, "code-qr", lambda page: documents.qr_as_pdf(page.version, page.slug)
    )


@conditional_page
@require_safe
def qr_as_png(request: HttpRequest, slug: str) -> HttpResponse:
    """The code alone, as a large picture."""
    return _printed(request, slug, "code-qr", lambda page: documents.qr_as_png(page.slug), kind=PNG)


def _printed(
    request: HttpRequest,
    slug: str,
    name: str,
    made: Callable[[PetitionPage], bytes],
    *,
    kind: str = PDF,
) -> HttpResponse:
    """The document; the page of the result once nobody can sign any more (P50)."""
    page = page_or_404(slug)
    if page.slug != slug:
        return redirect(request.path.replace(slug, page.slug, 1), permanent=True)
    if is_finished(page.petition, now=timezone.now()):
        return redirect("petition", slug=page.slug)
    response = HttpResponse(made(page), content_type=kind)
    ending = kind.rpartition("/")[2]
    response["Content-Disposition"] = f'inline; filename="{name}-{page.slug}.{ending}"'
    response["Cache-Control"] = AN_HOUR
    return response
