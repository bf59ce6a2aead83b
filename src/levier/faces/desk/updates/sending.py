"""On its way: how far it is, and the means to hold it, let it go on, stop it, move its hour."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.messaging.errors import MessagingError
from levier.gathering.updates.actions.cancel import cancel as cancel_update
from levier.gathering.updates.actions.pause import pause as pause_update
from levier.gathering.updates.actions.reschedule import reschedule as move_update
from levier.gathering.updates.actions.reschedule import unschedule as unschedule_update
from levier.gathering.updates.actions.resume import resume as resume_update
from levier.gathering.updates.enums import WRITABLE, UpdateState
from levier.gathering.updates.errors import PastHour, TooSoon, UpdateError
from levier.gathering.updates.forms.release import ReleaseForm
from levier.gathering.updates.queries.progress import progress_of
from levier.gathering.updates.rules.gates import (
    Desk,
    update_for_reading,
    update_for_steering,
)

ON_ITS_WAY = frozenset({UpdateState.SENDING, UpdateState.PAUSED})
OVER = frozenset({UpdateState.SENT, UpdateState.CANCELLED})


@member_page
@require_safe
def sending(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The bar, in readers, from counters (U30)."""
    desk = update_for_reading(user_of(request), slug, pk)
    if desk.update.state in WRITABLE:
        return redirect("desk_updates", desk.place.slug)
    if request.headers.get("HX-Request"):
        inside = {**told(desk), "place": desk.place, "slug": desk.place.slug}
        return render(request, "desk/updates/progress.html", inside)
    return sending_page(request, desk)


@member_page
@require_POST
def pause(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """No more of it leaves from the next claim on (U29)."""
    return _steered(request, slug, pk, pause_update, _("L’envoi est suspendu."))


@member_page
@require_POST
def resume(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The rest leaves, each person once."""
    return _steered(request, slug, pk, resume_update, _("L’envoi reprend."))


@member_page
@require_POST
def cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Stop it for good."""
    said = _("L’envoi est annulé : ce qui n’était pas parti ne partira plus.")
    return _steered(request, slug, pk, cancel_update, said)


@member_page
@require_POST
def unschedule(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A draft again."""
    user = user_of(request)
    desk = update_for_steering(user, slug, pk)
    try:
        unschedule_update(update=desk.update, by=user, now=timezone.now())
    except UpdateError as error:
        messages.error(request, str(error))
        return redirect("desk_update_sending", desk.place.slug, pk)
    messages.success(request, _("C’est de nouveau un brouillon : rien ne partira sans vous."))
    return redirect("desk_update", desk.place.slug, pk)


@member_page
@require_POST
def reschedule(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another hour."""
    user, now = user_of(request), timezone.now()
    desk = update_for_steering(user, slug, pk)
    zone = desk.place.membership.organisation.time_zone
    form = ReleaseForm(request.POST, zone=zone, now=now)
    at: datetime | None = form.cleaned_data["at"] if form.is_valid() else None
    if at is None:
        if form.is_valid():
            form.add_error("day", _("Choisissez un jour et une heure."))
        return sending_page(request, desk, form, status=422)
    try:
        move_update(update=desk.update, release_at=at, by=user, now=now)
    except TooSoon as error:
        return sending_page(request, desk, form, refused=error, status=409)
    except PastHour as error:
        form.add_error("day", str(error))
        return sending_page(request, desk, form, status=422)
    except UpdateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("L’heure est changée."))
    return redirect("desk_update_sending", desk.place.slug, pk)


def sending_page(
    request: HttpRequest,
    desk: Desk,
    form: ReleaseForm | None = None,
    *,
    refused: TooSoon | None = None,
    status: int = 200,
) -> HttpResponse:
    """The same, for whoever already passed the gate."""
    zone = desk.place.membership.organisation.time_zone
    context = {
        **told(desk),
        "form": form or ReleaseForm(zone=zone, now=timezone.now()),
        "refused": refused,
    }
    return page(
        request,
        "desk/updates/sending.html",
        context,
        place=desk.place,
        here="updates",
        status=status,
    )


def told(desk: Desk) -> dict[str, Any]:
    """The figures and what may be done about them."""
    update = desk.update
    progress = progress_of(update)
    settled = progress.audience - progress.waiting
    return {
        "desk": desk,
        "update": update,
        "ask": desk.ask,
        "progress": progress,
        "settled": settled,
        "gone": progress.handed + progress.delivered + progress.complained,
        "wrong": progress.bounced + progress.failed,
        "percent": settled * 100 // progress.audience if progress.audience else 0,
        "preparing": update.state in ON_ITS_WAY and update.recipients is None,
        "moving": update.state == UpdateState.SENDING,
        "on_its_way": update.state in ON_ITS_WAY,
        "over": update.state in OVER,
    }


def _steered(
    request: HttpRequest, slug: str, pk: int, action: Callable[..., Any], said: str
) -> HttpResponse:
    user = user_of(request)
    desk = update_for_steering(user, slug, pk)
    try:
        action(update=desk.update, by=user, now=timezone.now())
    except (UpdateError, MessagingError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("desk_update_sending", desk.place.slug, pk)
