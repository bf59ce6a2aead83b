"""Signatures held on arrival: somebody looks, then counts them or sets them aside (P68)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.signature_filters import FilterForm
from levier.foundation.common.typography import number
from levier.gathering.petitions.rules.gates import petition_for_moderating
from levier.gathering.signing.actions.reject import reject
from levier.gathering.signing.actions.release import release
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.queries.review import groups_of, held_of
from levier.gathering.signing.queries.selection import selected

PER_PAGE = 50
#: Ways to gather what waits: in the address → what they share, the filter it makes, its words.
GROUPS = {
    "raison": ("reason", gettext_lazy("Par raison")),
    "connexion": ("network", gettext_lazy("Par connexion")),
    "domaine": ("domain", gettext_lazy("Par domaine")),
    "heure": ("hour", gettext_lazy("Par heure")),
}


@member_page
@require_safe
def held(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits, one by one or gathered by what it shares, with why."""
    place = petition_for_moderating(user_of(request), slug)
    gathered = request.GET.get("par", "")
    form = FilterForm(request.GET)
    context: dict[str, Any] = {
        "by": gathered if gathered in GROUPS else "",
        "ways": [(name, label) for name, (_by, label) in GROUPS.items()],
        "total": held_of(place.petition).count(),
    }
    if context["by"]:
        shared, _label = GROUPS[gathered]
        context["groups"] = [
            (group, urlencode({"etat": SignatureState.HELD, gathered: group.value}))
            for group in groups_of(place.petition, shared)
        ]
    else:
        waiting = selected(place.petition, form.filters()).filter(state=SignatureState.HELD)
        ordered = waiting.select_related("contact_point").order_by("signed_at", "pk")
        context |= {
            "signatures": Paginator(ordered, PER_PAGE).get_page(request.GET.get("page")),
            "chosen": form.by_link(),
            "query": form.query(),
        }
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
    # The buttons of a line decide of that line alone, whatever is ticked.
    typed = request.POST.getlist("one") or request.POST.getlist("signature")
    chosen = [int(pk) for pk in typed[:PER_PAGE] if pk.isascii() and pk.isdigit() and len(pk) < 19]
    if not chosen:
        return 0
    # Only what waits: an address of this page cannot set a counted signature aside.
    waiting = held_of(place.petition).filter(pk__in=chosen).order_by("signed_at", "pk")
    ids = list(waiting.values_list("pk", flat=True))
    return len(action(petition=place.petition, signature_ids=ids, by=user, now=timezone.now()))


def _back(request: HttpRequest, slug: str, said: str, done: int) -> HttpResponse:
    if done:
        messages.success(request, said % {"n": number(done)})
    else:
        messages.error(request, _("Cochez d’abord les signatures que vous avez regardées."))
    form = FilterForm(request.POST)
    query = form.query()
    response = redirect("desk_held", slug)
    if query:
        response["Location"] += f"?{query}"
    return response
