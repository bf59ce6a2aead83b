"""Finding the news at an address, and what every page of it says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from levier.faces.public.media import Picture, picture_at
from levier.faces.public.pages import page_or_404
from levier.faces.public.sharing import absolute
from levier.gathering.petitions.queries import PetitionPage
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.petitions.rules.phases import is_signable
from levier.gathering.signing.queries.tally import tally_of
from levier.gathering.updates.enums import AskKind
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.queries.published import published_at
from levier.gathering.updates.queries.responses import published_words
from levier.gathering.updates.rules.events import when_of
from levier.gathering.updates.rules.own_words import Cause

WORDS_SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class News:
    """News of a petition, with its ask: what an address leads to."""

    page: PetitionPage
    ask: Ask

    @property
    def slug(self) -> str:
        return self.page.slug

    @property
    def n(self) -> int:
        return self.ask.update.n or 0

    @property
    def address(self) -> str:
        """The public page, whoever reads."""
        return absolute(reverse("news", args=[self.slug, self.n]))

    def path(self, name: str, *args: str) -> str:
        return reverse(name, args=[self.slug, self.n, *args])


def news_or_404(slug: str, n: int) -> News:
    """What the public may read: a draft or a planned one is not there."""
    page = page_or_404(slug)
    ask = published_at(page.petition, n)
    if ask is None:
        raise Http404
    ask.update.petition = page.petition
    return News(page=page, ask=ask)


def cause_of(news: News, *, name: str = "") -> Cause:
    """What messages to the decision-maker speak of."""
    tally = tally_of(news.page.petition.pk)
    return Cause(
        title=news.page.version.title,
        ask=news.page.version.ask,
        total=tally.counted + tally.paper,
        addressee=addressee_of(news.page.petition),
        name=name,
    )


def news_context(news: News, *, now: datetime) -> dict[str, Any]:
    """The news itself, as every page of it shows it."""
    update, petition = news.ask.update, news.page.petition
    return {
        "news": news,
        "slug": news.slug,
        "page": news.page,
        "petition": petition,
        "organisation": petition.campaign.organisation,
        "update": update,
        "ask": news.ask,
        "picture": photo_of(news.ask),
        "article": update.press_link,
        "media": settings.MEDIA_URL,
        "words": published_words(news.ask, most=WORDS_SHOWN),
        "when": when_of(news.ask),
        "is_event": news.ask.kind == AskKind.ATTEND and news.ask.starts_at is not None,
        "signable": is_signable(petition, now=now),
        "sign_path": f"{reverse('petition', args=[news.slug])}#signer",
        "address": news.address,
    }


def photo_of(ask: Ask) -> Picture | None:
    """The photo of the news, if the file is there."""
    update = ask.update
    return picture_at(update.photo, alternative=update.photo_alt, legend=update.photo_credit)
