"""Signatures held on arrival: somebody looks, then counts them or sets them aside (P68)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.common.typography import number
from levier.gathering.petitions.rules.gates import petition_for_moderating
from levier.gathering.signing.actions.reject import reject
from levier.gathering.signing.actions.release import release
from levier.gathering.signing.queries.listing import held_of

PER_PAGE = 50


@member_page
@require_safe
def held(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits, the oldest first, with why."""
    place = petition_for_moderating(user_of(request), slug)
    found = Paginator(held_of(place.petition), PER_PAGE)
    context = {"signatures": found.get_page(request.GET.get("page"))}
    return page(request, "desk/held.html", context, place=place, here="held")


@member_page
@require_POST
def count(request: HttpRequest, slug: str) -> HttpResponse:
    """Count the chosen ones: each gets its number now."""
    done = _decided(request, slug, release)
    said = ngettext("%(n)s signature est comptée.", "%(n)s signatures sont comptées.", done)
    return _back(request, slug, said, done)


@member_page
@require_POST
def set_aside(request: HttpRequest, slug: str) -> HttpResponse:
    """Set the chosen ones aside for good."""
    done = _decided(request, slug, reject)
    said = ngettext("%(n)s signature est écartée.", "%(n)s signatures sont écartées.", done)
    return _back(request, slug, said, done)


def _decided(request: HttpRequest, slug: str, action: Callable[..., Any]) -> int:
    user = user_of(request)
    place = petition_for_moderating(user, slug)
    typed = request.POST.getlist("signature")[:PER_PAGE]
    chosen = [int(pk) for pk in typed if pk.isascii() and pk.isdigit() and len(pk) < 19]
    if not chosen:
        return 0
    # Only what waits: an address of this page cannot set a counted signature aside.
    waiting = list(held_of(place.petition).filter(pk__in=chosen).values_list("pk", flat=True))
    return len(action(petition=place.petition, signature_ids=waiting, by=user, now=timezone.now()))


def _back(request: HttpRequest, slug: str, said: str, done: int) -> HttpResponse:
    if done:
        messages.success(request, said % {"n": number(done)})
    else:
        messages.error(request, _("Cochez d’abord les signatures que vous avez regardées."))
    return redirect("desk_held", slug)
