"""The Atom feed of a petition's news (RFC 4287), with identifiers that never change (RFC 4151)."""

from collections.abc import Sequence
from typing import Any

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html

from levier.foundation.common.typography import french_spaces
from levier.foundation.messaging.rules.addresses import absolute, petition_link, site_host
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.rules.answering import news_link

MADE_FOR = "application/atom+xml; charset=utf-8"


class _Atom(Atom1Feed):
    """The generator of Django, with an identifier of our own and the whole text."""

    def add_root_elements(self, handler: Any) -> None:
        feed: dict[str, Any] = {**self.feed, "id": self.feed["tag"]}
        self.feed, kept = feed, self.feed
        super().add_root_elements(handler)
        self.feed = kept

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def news_feed(
    *, petition: Petition, slug: str, title: str, author: str, news: Sequence[Ask]
) -> bytes:
    """All that is published, the latest first, in full. Valid without any entry."""
    address = absolute(f"/petitions/{slug}/mises-a-jour/")
    since = petition.published_at or petition.created_at
    last = max((_changed(ask) for ask in news), default=since)
    feed = _Atom(
        title=french_spaces(title),
        link=petition_link(slug),
        description=None,
        language="fr",
        feed_url=f"{address}flux.atom",
        author_name=author,
        tag=feed_tag(petition),
        updated=last,
    )
    for ask in news:
        feed.add_item(
            title=french_spaces(ask.update.title),
            link=news_link(slug, ask.update.n),
            description="",
            unique_id=f"{feed_tag(petition)}/{ask.update.n}",
            pubdate=ask.update.published_at,
            updateddate=_changed(ask),
            content=_whole(ask),
        )
    return feed.writeString("utf-8").encode()


def feed_tag(petition: Petition) -> str:
    """Whatever its address becomes, and whatever its titles."""
    since = petition.published_at or petition.created_at
    return f"tag:{site_host()},{since:%Y-%m-%d}:petition:{petition.uuid}"


def _changed(ask: Ask) -> Any:
    return ask.update.corrected_at or ask.update.published_at


def _whole(ask: Ask) -> str:
    """The text, already clean, and the article it speaks of."""
    link = ask.update.press_link
    if link is None:
        return ask.update.body
    article = format_html('<p><a href="{}">{}</a></p>', link.url, french_spaces(link.title))
    return f"{ask.update.body}{article}"
