"""News as their page will be, for whoever has the sealed link: nothing in it can be sent."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from levier.faces.public.pages import secret
from levier.faces.public.unpublished import PAGE_WALL, as_opened, framed
from levier.faces.public.updates.found import News
from levier.faces.public.updates.pages import public_page
from levier.foundation.common.tokens import BadToken
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.petitions.queries import PAGE_WITH, PetitionPage, desk_slug
from levier.gathering.signing.forms import LinkForm
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.card import card_in
from levier.gathering.updates.rules.previews import update_in
from levier.gathering.updates.rules.whole import has_card


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """The same template as in public, over objects changed in memory only."""
    now = timezone.now()
    try:
        pk = update_in(token, now=now)
    except BadToken as error:
        raise Http404 from error
    ask = Ask.objects.select_related("update__press_link", "contact").filter(pk=pk).first()
    if ask is None:
        raise Http404
    news = News(page=_page(ask.update.petition_id, now), ask=_as_published(ask, now))
    return secret(framed(public_page(request, news, LinkForm(), now=now), PAGE_WALL))


def _page(petition: int, now: datetime) -> PetitionPage:
    loaded = [name.removeprefix("petition__") for name in PAGE_WITH]
    found = Petition.objects.select_related(*loaded).get(pk=petition)
    if found.state == PetitionState.REMOVED:
        raise Http404
    slug = desk_slug(found)
    if found.version is not None:
        return PetitionPage(petition=found, slug=slug)
    return as_opened(found, Version.objects.filter(petition=found).latest("n"), slug, now=now)


def _as_published(ask: Ask, now: datetime) -> Ask:
    update: Update = ask.update
    update.n = update.n or 1
    update.published_at = update.published_at or now
    if update.press_link is None and has_card(update):
        card = card_in(update.article)
        update.press_link = PressLink(
            url=update.article_url,
            title=card.title,
            outlet=card.outlet,
            day=card.day or timezone.localdate(now),
            image=card.image,
        )
    return ask
