"""What an update brought: readers, answers, signatures; never who opened it (U57, U58)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.common.charts import Curve, hourly_bars
from levier.foundation.common.typography import day, hour, number
from levier.gathering.updates.enums import AskKind, UpdateState
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.queries.received import who_received
from levier.gathering.updates.queries.responses import born_of, seats_of, sorted_of
from levier.gathering.updates.queries.results import Hour, results_of
from levier.gathering.updates.rules.gates import update_for_naming, update_for_reading

DRAWN = timedelta(hours=48)
IN_TABLE = 72
PER_PAGE = 50
WITH_WORDS = frozenset({AskKind.ADVISE, AskKind.TESTIFY, AskKind.ENCOURAGE, AskKind.CELEBRATE})


@member_page
@require_safe
def results(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Figures, then the curve of answers and its table, then where."""
    desk = update_for_reading(user_of(request), slug, pk)
    update = desk.update
    if update.published_at is None and update.state != UpdateState.CANCELLED:
        return redirect("desk_updates", desk.place.slug)
    found = results_of(update)
    context: dict[str, Any] = {
        "desk": desk,
        "update": update,
        "ask": desk.ask,
        "results": found,
        "hours": found.hours[-IN_TABLE:],
        "chart": _chart(found.hours),
        **_of_ask(desk.ask),
    }
    return page(request, "desk/updates/results.html", context, place=desk.place, here="updates")


@member_page
@require_safe
def received(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """« Qui a reçu quoi », fifty by fifty, for whoever may see names (U59)."""
    desk = update_for_naming(user_of(request), slug, pk)
    after = request.GET.get("apres", "")
    since = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    mails = list(who_received(desk.update).filter(pk__gt=since)[: PER_PAGE + 1])
    context = {
        "desk": desk,
        "update": desk.update,
        "mails": mails[:PER_PAGE],
        "following": mails[PER_PAGE - 1].pk if len(mails) > PER_PAGE else None,
        "since": since,
    }
    return page(request, "desk/updates/received.html", context, place=desk.place, here="updates")


def _chart(hours: Sequence[Hour]) -> Curve | None:
    """The first two days, hour by hour: that is when people answer."""
    if not hours:
        return None
    first = hours[0].at
    points = [(one.at, one.answers) for one in hours if one.at < first + DRAWN]
    total = sum(n for _at, n in points)
    said = _("Réponses heure par heure, du %(first)s à %(from)s au %(last)s à %(to)s : %(n)s.")
    return hourly_bars(points, said=said % {**_span(points), "n": number(total)})


def _span(points: Sequence[tuple[datetime, int]]) -> dict[str, str]:
    first, last = points[0][0], points[-1][0]
    return {"first": day(first), "from": hour(first), "last": day(last), "to": hour(last)}


def _of_ask(ask: Ask) -> dict[str, Any]:
    """What this ask counts besides started and done."""
    if ask.kind == AskKind.ATTEND:
        return {"seats": seats_of(ask)}
    if ask.kind in WITH_WORDS:
        return {"words": sorted_of(ask)}
    if ask.kind == AskKind.LAUNCH:
        return {"born": born_of(ask.update.petition)}
    return {}
