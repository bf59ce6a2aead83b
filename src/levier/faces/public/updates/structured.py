"""The news as search engines read it (schema.org), in a block that no script can leave."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from levier.faces.public.sharing import absolute, petition_address
from levier.faces.public.updates.card import card_address
from levier.faces.public.updates.found import News
from levier.foundation.common.template_filters import words_alone
from levier.foundation.common.typography import french_spaces
from levier.gathering.updates.enums import AskKind

ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def structured(news: News) -> SafeString:
    """The JSON-LD of a page; `<` cannot appear in it."""
    graph = [_article(news)]
    if news.ask.kind == AskKind.ATTEND and news.ask.starts_at is not None:
        graph.append(_event(news))
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return mark_safe(text.translate(ESCAPES))  # noqa: S308 - what could end the block is escaped


def _article(news: News) -> dict[str, Any]:
    update, organisation = news.ask.update, news.page.petition.campaign.organisation
    published = update.published_at or update.edited_at
    return {
        "@type": "NewsArticle",
        "@id": news.address,
        "url": news.address,
        "headline": french_spaces(update.title),
        "articleBody": words_alone(update.body),
        "image": card_address(news),
        "datePublished": published.isoformat(),
        "dateModified": (update.corrected_at or published).isoformat(),
        "inLanguage": "fr",
        "author": {"@type": "Organization", "name": organisation.name},
        "publisher": {"@type": "Organization", "name": organisation.name},
        "isPartOf": {"@type": "WebPage", "@id": petition_address(news.slug)},
    }


def _event(news: News) -> dict[str, Any]:
    """Where is said only when it is for everybody (U48)."""
    ask = news.ask
    assert ask.starts_at is not None
    status = "EventCancelled" if ask.event_cancelled_at else "EventScheduled"
    event = {
        "@type": "Event",
        "name": french_spaces(ask.update.title),
        "url": news.address,
        "startDate": ask.starts_at.isoformat(),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "organizer": {
            "@type": "Organization",
            "name": news.page.petition.campaign.organisation.name,
            "url": absolute("/"),
        },
    }
    if ask.ends_at is not None:
        event["endDate"] = ask.ends_at.isoformat()
    if ask.place_is_public and ask.place:
        event["location"] = {"@type": "Place", "name": ask.place, "address": ask.place}
    return event
