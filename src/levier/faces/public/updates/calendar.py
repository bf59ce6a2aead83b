"""The event of the news, for one's own calendar (U47)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from levier.faces.public.pages import fresh
from levier.faces.public.updates.found import News, news_or_404
from levier.faces.public.updates.known import answer_page, known_at
from levier.foundation.common.typography import french_spaces
from levier.gathering.updates.channels.calendar import MADE_FOR, event_file
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.rules.answering import knows_the_place


@require_safe
def event(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """For everybody: a place that is for participants only is not in it (U48)."""
    return fresh(_file(news_or_404(slug, n), None))


@answer_page
@require_safe
def known_event(request: HttpRequest, slug: str, n: int, token: str) -> HttpResponse:
    """For who holds a personal link, with the place once they have one."""
    whose = known_at(slug, n, token)
    return _file(whose.news, whose.response)


def _file(news: News, response: Response | None) -> HttpResponse:
    if news.ask.starts_at is None:
        raise Http404
    body = event_file(
        ask=news.ask,
        title=french_spaces(news.ask.update.title),
        address=news.address,
        place=news.ask.place if knows_the_place(news.ask, response) else "",
        organiser=news.page.petition.campaign.organisation.name,
    )
    answer = HttpResponse(body, content_type=MADE_FOR)
    answer["Content-Disposition"] = f'attachment; filename="{news.slug}-{news.n}.ics"'
    return answer
