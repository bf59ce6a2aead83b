"""The page of whoever holds a personal link: reading changes nothing, only buttons do (U38)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from levier.faces.public.pages import secret
from levier.faces.public.private import see_other
from levier.faces.public.updates.asking import ask_context, launch_address, share_of
from levier.faces.public.updates.found import News, news_context, news_or_404
from levier.faces.public.visits import count_answer
from levier.foundation.common.tokens import BadToken, ExpiredToken
from levier.gathering.signing.errors import TooManyFromHere
from levier.gathering.signing.forms import LinkForm
from levier.gathering.updates.actions.change_response import change_response
from levier.gathering.updates.actions.respond import respond
from levier.gathering.updates.actions.withdraw_response import withdraw_response
from levier.gathering.updates.enums import Answer, AskKind
from levier.gathering.updates.errors import AskClosed, NotASignatory, NothingOfTheirs
from levier.gathering.updates.forms.answering import AnswerForm, TicksForm
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.queries.responses import response_of
from levier.gathering.updates.rules.answering import Reader, reader_of

PAGE = ["GET", "HEAD", "POST"]


class Known(NamedTuple):
    """The news, and who reads it."""

    news: News
    reader: Reader
    token: str

    @property
    def response(self) -> Response | None:
        return response_of(self.news.ask, self.reader.person)

    def path(self, name: str) -> str:
        return self.news.path(name, self.token)


def answer_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """No cookie, no copy kept: the link is the key. One that opens nothing any more says so, and
    lets its owner have another."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, n: int, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, slug, n, *args, **kwargs)
        except BadToken as error:
            status = 410 if isinstance(error, ExpiredToken) else 404
            context = {
                **news_context(news_or_404(slug, n), now=timezone.now()),
                "link_form": LinkForm(),
            }
            response = render(request, "public/updates/stale.html", context, status=status)
        return secret(response)

    return csrf_exempt(guarded)


@answer_page
@require_safe
def known(request: HttpRequest, slug: str, n: int, token: str) -> HttpResponse:
    return _page(request, known_at(slug, n, token))


@answer_page
@require_POST
def answer(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """Record an answer; the one sent twice is recorded once."""
    whose, now = known_at(slug, n, request.POST.get("token", "")), timezone.now()
    ask, signature = whose.news.ask, whose.reader.signature
    form = AnswerForm(request.POST, request.FILES, kind=ask.kind)
    if signature is None:
        return _page(request, whose, form=form, refusal=str(NotASignatory()), status=409)
    if not form.is_valid():
        return _page(request, whose, form=form, status=422)
    try:
        count_answer(request)
        response = respond(ask_id=ask.pk, signature=signature, said=form.said(), now=now)
    except TooManyFromHere as refusal:
        return _page(request, whose, form=form, refusal=str(refusal), status=429)
    except (AskClosed, NotASignatory) as refusal:
        return _page(request, whose, form=form, refusal=str(refusal), status=409)
    return see_other(_next(whose, response))


def _next(whose: Known, response: Response) -> str:
    """Thanks; but what was only begun is to be finished first."""
    if whose.news.ask.kind == AskKind.LAUNCH:
        return launch_address(whose.news)
    if response.kind == Answer.STARTED and not response.call_result:
        return f"{whose.path('news_known')}#repondre"
    return whose.path("news_thanks")


@answer_page
@require_safe
def thanks(request: HttpRequest, slug: str, n: int, token: str) -> HttpResponse:
    """What it changed, and one thing more to do."""
    whose = known_at(slug, n, token)
    if whose.response is None:
        return see_other(whose.path("news_known"))
    context = {**_context(whose), **share_of(whose.news, whose.reader)}
    return render(request, "public/updates/thanks.html", context)


@answer_page
@require_http_methods(PAGE)
def taking_back(request: HttpRequest, slug: str, n: int, token: str) -> HttpResponse:
    """GET says what happens; POST takes the answer back, the ask closed or not (U51)."""
    whose = known_at(slug, n, token)
    if request.method == "POST":
        withdraw_response(ask_id=whose.news.ask.pk, person=whose.reader.person, now=timezone.now())
        return see_other(f"{whose.path('news_known')}?fait=repris")
    if whose.response is None:
        return see_other(whose.path("news_known"))
    return render(request, "public/updates/take_back.html", _context(whose))


@answer_page
@require_POST
def ticks(request: HttpRequest, slug: str, n: int, token: str) -> HttpResponse:
    """What one's words may serve for, whenever one changes one's mind (U50)."""
    whose, form = known_at(slug, n, token), TicksForm(request.POST)
    form.is_valid()  # boxes: ticked or not
    try:
        change_response(
            ask_id=whose.news.ask.pk,
            person=whose.reader.person,
            **form.cleaned_data,
            now=timezone.now(),
        )
    except NothingOfTheirs:
        return see_other(whose.path("news_known"))
    return see_other(f"{whose.path('news_known')}?fait=accords")


def known_at(slug: str, n: int, token: str) -> Known:
    """The gate: this news, and who holds its link. Raises BadToken."""
    news = news_or_404(slug, n)
    return Known(news, reader_of(token, news.ask.update, now=timezone.now()), token)


def _context(whose: Known, form: AnswerForm | None = None) -> dict[str, Any]:
    now = timezone.now()
    return {
        **news_context(whose.news, now=now),
        **ask_context(
            whose.news,
            now=now,
            reader=whose.reader,
            token=whose.token,
            response=whose.response,
            form=form,
        ),
    }


def _page(
    request: HttpRequest,
    whose: Known,
    *,
    form: AnswerForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {**_context(whose, form), "refusal": refusal, "notice": _notice(request)}
    return render(request, "public/updates/known.html", context, status=status)


def _notice(request: HttpRequest) -> str:
    return {
        "repris": _("Votre réponse est reprise : nous n’en gardons rien."),
        "accords": _("C’est noté : vos mots ne servent qu’à ce que vous avez coché."),
    }.get(request.GET.get("fait", ""), "")
