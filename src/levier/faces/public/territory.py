"""Where the signatures of a petition come from, when its team shows it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from levier.faces.public.pages import fresh, page_or_404
from levier.gathering.petitions.models.territory import PublicTerritory
from levier.gathering.signing.queries.by_area import FEWEST, by_area, without_the_fewest


@gzip_page
@require_safe
def territory(request: HttpRequest, slug: str) -> HttpResponse:
    """The map and its table. Areas with few signatures are one number: signing can tell an
    opinion, and a small place has few people."""
    page = page_or_404(slug)
    if not PublicTerritory.objects.filter(petition=page.petition).exists():
        raise Http404
    if page.slug != slug:
        return redirect("territory", slug=page.slug, permanent=True)
    context = {
        "page": page,
        "slug": page.slug,
        "territory": without_the_fewest(by_area(page.petition)),
        "fewest": FEWEST,
    }
    return fresh(render(request, "public/pages/territory.html", context))
