"""The Open Graph card of a news: its own title, as the page and the feed have it (U61)."""

import hashlib

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from levier.faces.public.card import CARDS, KEPT, STANDS, card_words, drawn, published_figure
from levier.faces.public.sharing import absolute
from levier.faces.public.updates.found import News, news_or_404
from levier.foundation.common.typography import french_spaces
from levier.gathering.signing.queries.tally import tally_of


@require_safe
def card(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    news = news_or_404(slug, n)
    if news.slug != slug:
        return redirect("news_card", slug=news.slug, n=n, permanent=True)
    response = HttpResponse(_image(news), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={STANDS}"
    return response


def card_address(news: News) -> str:
    """Another address for another title: who shares it again gets the corrected one."""
    edition = hashlib.sha256(news.ask.update.title.encode()).hexdigest()[:8]
    return absolute(f"{news.path('news_card')}?e={edition}")


def _image(news: News) -> bytes:
    tally = tally_of(news.page.petition.pk)
    figure = published_figure(news.page, tally.counted + tally.paper)
    words = {
        **card_words(news.page, figure),
        "kicker": _("Des nouvelles de la pétition"),
        "title": french_spaces(news.ask.update.title),
    }
    key = f"news:{hashlib.sha256(repr(words).encode()).hexdigest()}"
    image: bytes | None = caches[CARDS].get(key)
    if image is None:
        image = drawn(words)
        caches[CARDS].set(key, image, KEPT)
    return image
