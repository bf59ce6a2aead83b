"""The news one received, what one answered, and the way back to each (U59)."""

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from levier.foundation.people.models.person import ContactPoint
from levier.gathering.updates.queries.mine import MyNews, news_of
from levier.gathering.updates.rules.answering import answer_token


class Line(NamedTuple):
    """One news of mine, and the page where I answer it, or change my mind."""

    mine: MyNews
    address: str  # "" where the public may not read the petition


def my_news(mailbox: ContactPoint, *, now: datetime) -> list[Line]:
    return [Line(mine, _address(mine, mailbox, now)) for mine in news_of(mailbox.person)]


def _address(mine: MyNews, mailbox: ContactPoint, now: datetime) -> str:
    if not mine.slug:
        return ""
    token = answer_token(update=mine.ask.pk, contact_point=mailbox.pk, now=now)
    return reverse("news_known", args=[mine.slug, mine.ask.update.n, token])
