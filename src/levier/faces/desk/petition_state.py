"""The big switches of a petition: publish, pause, resume, close. One verb, one address."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.desk.doors import member_page, page, user_of
from levier.gathering.petitions.actions import opening_hours
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.errors import PetitionError
from levier.gathering.petitions.rules.gates import petition_for_editing
from levier.gathering.signing.actions.opening import open_petition


def _done(request: HttpRequest, slug: str, action: Callable[..., Any], said: Any) -> HttpResponse:
    """Do it, say it, go back to the dashboard."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    try:
        action(petition=place.petition, by=user, now=timezone.now())
    except PetitionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("desk_petition", place.slug)


@member_page
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a draft to the public; a supporter's, once it was read (P5)."""
    place = petition_for_editing(user_of(request), slug)
    if place.petition.state == PetitionState.IN_REVIEW:
        return redirect("desk_review", place.slug)
    said = _("La pétition est ouverte. Elle n’attend plus que des signatures.")
    return _done(request, slug, open_petition, said)


@member_page
@require_POST
def pause(request: HttpRequest, slug: str) -> HttpResponse:
    """Take no signature for a while."""
    said = _("La pétition est en pause : la page reste, on ne signe plus.")
    return _done(request, slug, opening_hours.pause, said)


@member_page
@require_POST
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Take signatures again."""
    return _done(request, slug, opening_hours.resume, _("La pétition est rouverte."))


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Say first what closing does, then do it for good (P61)."""
    if request.method == "POST":
        said = _("La pétition est close. Sa page montre son résultat.")
        return _done(request, slug, opening_hours.close, said)
    place = petition_for_editing(user_of(request), slug)
    return page(request, "desk/petition/close.html", place=place, here="edit")
