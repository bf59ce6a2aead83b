"""The list of an organisation's supporters, page after page, without counting what is before."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson
from django.db.models import F, Q, QuerySet

from levier.foundation.people.enums import Channel
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.search import NAME_KEY_LENGTH, SearchEntry

AT_MOST = 10_000  # counted exactly up to here, « plus de » beyond
LONGEST_CURSOR = 400


class Order(StrEnum):
    """How the list is sorted."""

    LATEST = "activite"
    NEWEST = "arrivee"
    NAME = "nom"


_COLUMN = {Order.LATEST: "last_at", Order.NEWEST: "since", Order.NAME: "name_key"}


def supporters(found: Q, order: Order = Order.LATEST) -> QuerySet[SearchEntry]:
    """The entries that fulfil some conditions, each with its person, in order."""
    column = F(_COLUMN[order])
    by = (column.asc(), "pk") if order == Order.NAME else (column.desc(), "-pk")
    return SearchEntry.objects.filter(found).select_related("person").order_by(*by)


def after(entries: QuerySet[SearchEntry], order: Order, cursor: str) -> QuerySet[SearchEntry]:
    """What follows the entry a cursor stands for; from the start for a cursor of nothing."""
    mark = _opened(cursor, order)
    if mark is None:
        return entries
    value, pk = mark
    column, way = _COLUMN[order], "gt" if order == Order.NAME else "lt"
    # The first condition is what the index is entered by.
    return entries.filter(
        Q(**{f"{column}__{way}e": value})
        & (Q(**{f"{column}__{way}": value}) | Q(**{f"pk__{way}": pk}))
    )


def cursor_of(entry: SearchEntry, order: Order) -> str:
    """Where a page ends, to ask for the next one."""
    value = getattr(entry, _COLUMN[order])
    mark = [value if isinstance(value, str) else value.isoformat(), entry.pk]
    return urlsafe_b64encode(orjson.dumps(mark)).decode().rstrip("=")


def counted(found: Q, *, at_most: int | None = None) -> int:
    """How many people fulfil some conditions; counting stops one past `at_most`."""
    entries = SearchEntry.objects.filter(found)
    return entries.count() if at_most is None else entries[: at_most + 1].count()


def addresses_of(people: Iterable[Person]) -> dict[int, str]:
    """For each person of a page, the e-mail address to show, else the number."""
    points = ContactPoint.objects.filter(person__in=list(people)).exclude(typed="")
    shown: dict[int, str] = {}
    for point in sorted(points, key=lambda p: (p.channel != Channel.EMAIL, p.pk)):
        shown.setdefault(point.person_id, point.typed)
    return shown


def _opened(cursor: str, order: Order) -> tuple[Any, int] | None:
    try:
        raw = urlsafe_b64decode(cursor[:LONGEST_CURSOR] + "=" * (-len(cursor) % 4))
        value, pk = orjson.loads(raw)
        if not isinstance(value, str) or not isinstance(pk, int) or abs(pk) >= 2**63:
            return None
        if order == Order.NAME:
            return (value[:NAME_KEY_LENGTH].replace("\x00", ""), pk)
        moment = datetime.fromisoformat(value)
        return None if moment.tzinfo is None else (moment.astimezone(UTC), pk)
    except (ValueError, TypeError, OverflowError):
        return None
