"""Every news of a petition, and beginning one more."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.updates.beside import advice_for
from levier.faces.desk.updates.kinds import IDEAS, offered_kinds
from levier.gathering.updates.actions.start_draft import start_draft
from levier.gathering.updates.enums import AskKind, UpdateKind, UpdateState
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.queries.desk import updates_of
from levier.gathering.updates.queries.windows import next_window
from levier.gathering.updates.rules.gates import (
    can_write,
    updates_for_reading,
    updates_for_writing,
)

LISTED = 200
#: What the team reads: words, and who comes.
WORDED = frozenset(
    {
        AskKind.ADVISE,
        AskKind.TESTIFY,
        AskKind.ENCOURAGE,
        AskKind.CELEBRATE,
        AskKind.ATTEND,
    }
)
SECTIONS = {
    UpdateState.IN_REVIEW: "review",
    UpdateState.DRAFT: "drafts",
    UpdateState.SENDING: "leaving",
    UpdateState.PAUSED: "leaving",
    UpdateState.SCHEDULED: "planned",
    UpdateState.SENT: "over",
    UpdateState.CANCELLED: "over",
}


@member_page
@require_safe
def updates(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits, what leaves, what is planned, what was sent."""
    place = updates_for_reading(user_of(request), slug)
    asks = list(updates_of(place.petition)[:LISTED])
    context = {
        "sections": _sections(asks),
        "ideas": [] if asks else IDEAS,
        "next": next_window(place.petition, now=timezone.now()),
        "can_write": can_write(place),
        "answered": WORDED,
    }
    return page(request, "desk/updates/updates.html", context, place=place, here="updates")


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens? The kind chosen, a draft is there, its ask ready (U9)."""
    user, now = user_of(request), timezone.now()
    place = updates_for_writing(user, slug)
    offered = offered_kinds(place.petition)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = asked.get("sorte", "")
    allowed = {one.value for one in offered if not one.not_yet}
    if request.method == "POST" and chosen in allowed:
        update = start_draft(petition=place.petition, kind=chosen, by=user, now=now)
        return redirect("desk_update", place.slug, update.pk)
    context = {
        "offered": offered,
        "chosen": chosen if chosen in allowed else UpdateKind.ARTICLE.value,
        "error": request.method == "POST",
        **advice_for(place.petition, now=now),
    }
    status = 422 if request.method == "POST" else 200
    return page(
        request, "desk/updates/new.html", context, place=place, here="updates", status=status
    )


def _sections(asks: Iterable[Ask]) -> dict[str, list[Ask]]:
    """By what one does with them, each in the order given."""
    found: dict[str, list[Ask]] = {name: [] for name in SECTIONS.values()}
    for ask in asks:
        found[SECTIONS[UpdateState(ask.update.state)]].append(ask)
    return found
