"""« Publier »: somebody else reads first where that is wanted, then one confirms, and it leaves."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.updates.preview import preview_page
from levier.foundation.messaging.errors import MissingVariable
from levier.gathering.updates.actions.approve import approve as approve_update
from levier.gathering.updates.actions.publish import publish as publish_update
from levier.gathering.updates.actions.send_back import send_back as send_update_back
from levier.gathering.updates.actions.submit_for_review import submit_for_review
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.errors import (
    ChangedMeanwhile,
    NotWhole,
    PastHour,
    TooSoon,
    UpdateError,
)
from levier.gathering.updates.forms.release import ReleaseForm, SendBackForm
from levier.gathering.updates.queries.audience import dry_count
from levier.gathering.updates.queries.windows import next_window
from levier.gathering.updates.rules.gates import (
    Desk,
    update_for_approving,
    update_for_publishing,
)
from levier.gathering.updates.rules.links_inside import looks_crowded

CHANGED = gettext_lazy("Le texte a changé pendant votre lecture. Relisez-le, puis décidez.")


@member_page
@require_POST
def publish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """How many people, when, what is asked; then, confirmed, it leaves or waits for its hour."""
    user, now = user_of(request), timezone.now()
    desk = update_for_publishing(user, slug, pk)
    organisation = desk.place.membership.organisation
    form = ReleaseForm(request.POST, zone=organisation.time_zone, now=now)
    if not form.is_valid():
        return confirmation(request, desk, form, status=422)
    if "confirme" not in request.POST:
        return confirmation(request, desk, form)
    try:
        update = publish_update(
            update=desk.update,
            release_at=form.cleaned_data["at"],
            edition=form.cleaned_data["edition"],
            by=user,
            now=now,
        )
    except TooSoon as error:
        return confirmation(request, desk, form, refused=error, status=409)
    except PastHour as error:
        form.add_error("day", str(error))
        return confirmation(request, desk, form, status=422)
    except (UpdateError, MissingVariable) as error:
        messages.error(request, str(_said(error)))
        return redirect("desk_update_preview", desk.place.slug, pk)
    is_planned = update.state == UpdateState.SCHEDULED
    messages.success(
        request,
        _("C’est programmé. D’ici là, vous pouvez encore changer l’heure ou annuler.")
        if is_planned
        else _("C’est publié : les courriels partent."),
    )
    return redirect("desk_update_sending", desk.place.slug, pk)


@member_page
@require_POST
def submit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """« Demander la publication »: the team is told, the text stays open to its author (U15)."""
    user = user_of(request)
    desk = update_for_publishing(user, slug, pk)
    said = _("C’est demandé : quelqu’un de l’équipe va relire, et vous répondra par courriel.")
    return _decide(
        request,
        desk,
        said,
        lambda: submit_for_review(update=desk.update, by=user, now=timezone.now()),
    )


@member_page
@require_POST
def approve(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that it may leave, as it was read."""
    user = user_of(request)
    desk = update_for_approving(user, slug, pk)
    edition = _number(request.POST.get("edition", ""))
    said = _("Approuvée : son auteur ou autrice le sait, elle peut être publiée.")
    return _decide(
        request,
        desk,
        said,
        lambda: approve_update(update=desk.update, edition=edition, by=user, now=timezone.now()),
    )


@member_page
@require_POST
def send_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give it back with the reason."""
    user = user_of(request)
    desk = update_for_approving(user, slug, pk)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return preview_page(request, desk, form, status=422)
    reason = form.cleaned_data["reason"]
    said = _("Rendue : la raison est partie par courriel, le texte est gardé.")
    return _decide(
        request,
        desk,
        said,
        lambda: send_update_back(update=desk.update, reason=reason, by=user, now=timezone.now()),
    )


def confirmation(
    request: HttpRequest,
    desk: Desk,
    form: ReleaseForm,
    *,
    refused: TooSoon | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page before « Publier »: number of people, hour, ask; and the next hour when too early
    (U22)."""
    now = timezone.now()
    at: datetime | None = getattr(form, "cleaned_data", {}).get("at")
    context: dict[str, Any] = {
        "desk": desk,
        "update": desk.update,
        "ask": desk.ask,
        "form": form,
        "at": at,
        "refused": refused,
        "counted": dry_count(desk.update, at=at or now),
        "crowded": looks_crowded(desk.update.body),
        "next": next_window(desk.place.petition, now=now),
        "zone": desk.place.membership.organisation.time_zone,
    }
    return page(
        request,
        "desk/updates/publish.html",
        context,
        place=desk.place,
        here="updates",
        status=status,
    )


def _decide(request: HttpRequest, desk: Desk, said: str, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except NotWhole:
        messages.error(request, _("Il manque encore quelque chose : c’est dit ci-dessous."))
    except UpdateError as error:
        messages.error(request, str(_said(error)))
    else:
        messages.success(request, said)
    return redirect("desk_update_preview", desk.place.slug, desk.update.pk)


def _said(error: Exception) -> Any:
    return CHANGED if isinstance(error, ChangedMeanwhile) else error


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
