"""Words of signatories, and a reader's way to report one."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from levier.faces.public.own_pages import from_own_pages
from levier.faces.public.pages import fresh, page_or_404
from levier.foundation.common.network import client_network
from levier.gathering.petitions.actions.flags import flag_comment
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.queries import PetitionPage, published_comments
from levier.gathering.petitions.rules.phases import is_signable

PER_PAGE = 30


@gzip_page
@require_safe
def comments(request: HttpRequest, slug: str) -> HttpResponse:
    """Published words, featured first."""
    page = page_or_404(slug)
    if page.slug != slug:
        return redirect("comments", slug=page.slug, permanent=True)
    shown = Paginator(published_comments(page.petition), PER_PAGE)
    context = {
        "petition_page": page,
        "slug": page.slug,
        "page": shown.get_page(request.GET.get("page")),
        "signable": is_signable(page.petition, now=timezone.now()),
        "reported": "signale" in request.GET,
    }
    return fresh(render(request, "public/pages/comments.html", context))


@from_own_pages
@require_http_methods(["GET", "HEAD", "POST"])
def report_comment(request: HttpRequest, slug: str, comment: int) -> HttpResponse:
    """Ask first, then report: a link scanner opens every link (P26)."""
    page = page_or_404(slug)
    reported = _comment_or_404(page, comment)
    if request.method == "POST":
        flag_comment(comment=reported.pk, network=_network(request), now=timezone.now())
        address = reverse("comments", args=[page.slug])
        return HttpResponse(status=303, headers={"Location": f"{address}?signale=1"})
    context = {"petition_page": page, "slug": page.slug, "comment": reported}
    response = render(request, "public/pages/report_comment.html", context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _network(request: HttpRequest) -> str:
    peer, forwarded = request.META["REMOTE_ADDR"], request.headers.get("X-Forwarded-For", "")
    return client_network(peer, forwarded, settings.TRUSTED_PROXIES)


def _comment_or_404(page: PetitionPage, comment: int) -> Comment:
    found = published_comments(page.petition).filter(pk=comment).first()
    if found is None:
        raise Http404
    return found
