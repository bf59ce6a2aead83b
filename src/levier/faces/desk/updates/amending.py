"""After it left: putting its page right, moving or calling off the event it announced."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.errors import Hidden
from levier.gathering.updates.actions.change_event import Event, cancel_event, change_event
from levier.gathering.updates.actions.correct import correct as correct_update
from levier.gathering.updates.enums import AskKind
from levier.gathering.updates.errors import NotWhole, PictureNeedsWords
from levier.gathering.updates.forms.correction import CorrectionForm, initial_correction
from levier.gathering.updates.forms.event import EventChangeForm, initial_event
from levier.gathering.updates.rules.gates import Desk, update_for_steering


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put the page right, « corrigé le … »: no mail leaves (U24)."""
    user = user_of(request)
    desk = update_for_steering(user, slug, pk)
    if desk.update.published_at is None:
        raise Hidden
    form = CorrectionForm(
        request.POST or None,
        initial=initial_correction(desk.update),
        has_photo=bool(desk.update.photo),
    )
    if request.method == "POST" and form.is_valid():
        try:
            correct_update(update=desk.update, **form.told(), by=user, now=timezone.now())
        except (NotWhole, PictureNeedsWords) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("La page est corrigée. Aucun courriel n’est reparti."))
            return redirect("desk_update_results", desk.place.slug, pk)
    return _page(request, desk, "desk/updates/correct.html", form)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Other hours, another place, more seats: who said yes is told (U47)."""
    user, now = user_of(request), timezone.now()
    desk = _with_event(update_for_steering(user, slug, pk))
    form = EventChangeForm(request.POST or None, initial=initial_event(desk.ask), now=now)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = Event(
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            zone=data["zone"],
            place=data["place"],
            place_is_public=not data["place_is_private"],
            capacity=data["capacity"],
        )
        change_event(ask_id=desk.ask.pk, event=told, by=user, now=now)
        messages.success(request, _("C’est changé : qui a dit oui est prévenu, et son agenda."))
        return redirect("desk_update_responses", desk.place.slug, pk)
    return _page(request, desk, "desk/updates/event.html", form)


@member_page
@require_POST
def call_off(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """It does not take place."""
    user = user_of(request)
    desk = _with_event(update_for_steering(user, slug, pk))
    cancel_event(ask_id=desk.ask.pk, by=user, now=timezone.now())
    messages.success(request, _("L’annulation est dite, sur la page et dans les agendas."))
    return redirect("desk_update_responses", desk.place.slug, pk)


def _with_event(desk: Desk) -> Desk:
    if desk.ask.kind != AskKind.ATTEND or desk.update.published_at is None:
        raise Hidden
    return desk


def _page(request: HttpRequest, desk: Desk, template: str, form: Any) -> HttpResponse:
    context = {"desk": desk, "update": desk.update, "ask": desk.ask, "form": form}
    status = 422 if form.is_bound else 200
    return page(request, template, context, place=desk.place, here="updates", status=status)
