"""What everybody reads: the list of news, and one of them with what it asks (U38)."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from levier.faces.public.own_pages import from_own_pages
from levier.faces.public.pages import fresh, page_or_404
from levier.faces.public.private import see_other
from levier.faces.public.updates.asking import ask_context
from levier.faces.public.updates.card import card_address
from levier.faces.public.updates.found import News, news_context, news_or_404
from levier.faces.public.updates.structured import structured
from levier.faces.public.visits import count_visit
from levier.gathering.petitions.rules.phases import is_signable
from levier.gathering.signing.errors import TooManyFromHere
from levier.gathering.signing.forms import LinkForm
from levier.gathering.updates.actions.request_answer_link import queue_answer_link
from levier.gathering.updates.queries.published import published_of

PER_PAGE = 20


@gzip_page
@require_safe
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    """All the news, the latest first."""
    page = page_or_404(slug)
    if page.slug != slug:
        return redirect("news_list", slug=page.slug, permanent=True)
    shown = Paginator(published_of(page.petition), PER_PAGE)
    context = {
        "petition_page": page,
        "slug": page.slug,
        "organisation": page.petition.campaign.organisation,
        "page": shown.get_page(request.GET.get("page")),
        "signable": is_signable(page.petition, now=timezone.now()),
    }
    return fresh(render(request, "public/updates/list.html", context))


@gzip_page
@require_safe
def one(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """The same for all readers: whoever holds a personal link has a page of their own."""
    news = news_or_404(slug, n)
    if news.slug != slug:
        return redirect("news", slug=news.slug, n=n, permanent=True)
    return fresh(public_page(request, news, LinkForm(), now=timezone.now()))


@from_own_pages
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """Ask for one's personal link. The same words whether the address signed or not."""
    news = news_or_404(slug, n)
    if request.method != "POST":
        return see_other(f"{news.path('news')}#repondre")
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _refused(request, news, form, status=422)
    try:
        count_visit(request)
    except TooManyFromHere as refusal:
        form.add_error("email", str(refusal))
        return _refused(request, news, form, status=429)
    queue_answer_link(update=news.ask.pk, email=form.cleaned_data["email"], now=timezone.now())
    return see_other(news.path("news_sent"))


@require_safe
def sent(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    news = news_or_404(slug, n)
    response = render(request, "public/updates/sent.html", news_context(news, now=timezone.now()))
    response["X-Robots-Tag"] = "noindex"
    return response


def public_page(
    request: HttpRequest, news: News, form: LinkForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    """The page of who is not known."""
    context = {
        **news_context(news, now=now),
        **ask_context(news, now=now),
        "link_form": form,
        "card": card_address(news),
        "structured": structured(news),
    }
    return render(request, "public/updates/news.html", context, status=status)


def _refused(request: HttpRequest, news: News, form: LinkForm, *, status: int) -> HttpResponse:
    response = public_page(request, news, form, now=timezone.now(), status=status)
    response["Cache-Control"] = "no-store"
    return response
