"""The update itself, as its readers get it: what all of them read alike, and a sample of it."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags

from levier.foundation.common.typography import day
from levier.foundation.messaging.actions.get_message import get_message
from levier.foundation.messaging.enums import Lane
from levier.foundation.messaging.mails.compiled import Rendered, compiled
from levier.foundation.messaging.mails.sources import source_of
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.template import Template
from levier.foundation.messaging.rules.addresses import absolute
from levier.foundation.people.enums import Purpose
from levier.gathering.petitions.queries import desk_slug
from levier.gathering.signing.queries.for_mails import what_is_asked
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.answering import news_link

TEMPLATE = "updates/update"
GOOD_FOR = timedelta(days=2)  # held back longer than that, it is « expiré » (U32)
SHOWN = 480  # characters of the news
BLOCKS = re.compile(r"</(?:p|li|h2|h3|blockquote)>|<br\s*/?>", re.IGNORECASE)


def news_message(ask: Ask, *, now: datetime) -> Message:
    """The message of an update that has its number, made on first use. Wants the petition with
    its addressee and its organisation."""
    update = ask.update
    return get_message(
        organisation=update.petition.campaign.organisation,
        template=TEMPLATE,
        source=f"petition:{update.petition_id}",
        context=shared_by_readers(ask),
        now=now,
        expires_after=GOOD_FOR,
        lane=Lane.BULK,
        purpose=Purpose.PETITION_NEWS,
    )


def check_letter(ask: Ask, *, now: datetime) -> None:
    """Write one mail for each kind of reader, for nobody. Raises MissingVariable when the template
    asks for what one of them does not have (U33)."""
    for first_name in ("Camille", ""):
        sample_letter(ask, first_name=first_name, now=now)


def sample_letter(ask: Ask, *, now: datetime, first_name: str = "Camille") -> Rendered:
    """What a sample person would read; its links lead to the preview and record nothing (U36).
    Writes nothing: a page may show it. Raises MissingVariable."""
    source = source_of(TEMPLATE)
    template = Template(
        key=TEMPLATE,
        language=ask.update.petition.campaign.organisation.language,
        subject=source.subject,
        mjml=source.mjml,
        text=source.text,
    )  # no row: the preview is a GET, and writes nothing
    preview = preview_link(ask.update)
    sample = {
        "first_name": first_name,
        "signed_on": day(now),
        "answer_url": preview,
        "news_url": preview,
        "unsubscribe_url": preview,
    }
    return compiled(template).fill({**shared_by_readers(ask), **sample})


def shared_by_readers(ask: Ask) -> dict[str, Any]:
    """What every reader reads: the news, its picture or its article, the one ask."""
    update, slug = ask.update, desk_slug(ask.update.petition)
    article = update.article if update.article_url else {}
    return {
        **what_is_asked(update.petition, slug),
        "author": str(update.author),
        "update": update.pk,
        "news_title": update.title,
        "paragraphs": first_lines(update.body),
        "picture": picture_address(update),
        "picture_alt": update.photo_alt if update.photo else "",
        "article_url": update.article_url if article.get("title") else "",
        "article_title": article.get("title", ""),
        "article_outlet": article.get("outlet", ""),
        "label": ask.label,
        "instructions": ask.instructions,
        "news_url": news_link(slug, update.n),
    }


def first_lines(html: str) -> list[str]:
    """The beginning of the news as plain paragraphs, cut between two words."""
    told = (unescape(strip_tags(part)) for part in BLOCKS.split(html))
    found: list[str] = []
    room = SHOWN
    for part in (" ".join(text.split()) for text in told):
        if not part:
            continue
        if len(part) > room:
            return [*found, f"{part[:room].rsplit(' ', 1)[0]}…"]
        found.append(part)
        room -= len(part)
    return found


def picture_address(update: Update) -> str:
    """The whole address of its photo, else of the picture of its article; may be empty."""
    path = update.photo or str(update.article.get("image") or "")
    if not path or path.startswith("/"):
        return absolute(path) if path else ""
    return absolute(f"{settings.MEDIA_URL}{path}")


def preview_link(update: Update) -> str:
    """Where the team reads it before anybody else."""
    slug = desk_slug(update.petition)
    return desk_link(slug, update, "apercu/")


def desk_link(slug: str, update: Update, page: str = "") -> str:
    """A page of the desk about an update."""
    return absolute(f"/tableau-de-bord/petitions/{slug}/mises-a-jour/{update.pk}/{page}")
