"""What signatories answered: advice, contacts, testimonies and words to sort; who comes."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.common.typography import number
from levier.gathering.updates.actions.close_ask import close_ask
from levier.gathering.updates.actions.mark_present import mark_present
from levier.gathering.updates.actions.sort_response import Sorting, sort_response
from levier.gathering.updates.enums import Answer, AskKind, ResponseState, Use
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.queries.responses import (
    responses_received,
    responses_to_sort,
    seats_of,
    sorted_of,
    usable_testimonies,
)
from levier.gathering.updates.rules.answering import (
    ask_for_sorting,
    closing_of,
    response_for_sorting,
)
from levier.gathering.updates.rules.events import when_of

PER_PAGE = 20
GUESTS = 200
MOST_MARKED = 1_000
Found = Callable[[Ask], QuerySet[Response]]


def _in_state(state: ResponseState) -> Found:
    return lambda ask: responses_received(ask).filter(state=state)


def _usable(use: Use) -> Found:
    return lambda ask: usable_testimonies(ask.update.petition, use).filter(ask=ask)


#: Tab → its name, the figure beside it, what it lists.
TABS: dict[str, tuple[Any, str, Found]] = {
    "a-lire": (gettext_lazy("À lire"), "waiting", responses_to_sort),
    "gardees": (gettext_lazy("Gardées"), "kept", _in_state(ResponseState.KEPT)),
    "presse": (gettext_lazy("Pour la presse"), "for_press", _usable(Use.PRESS)),
    "dossier": (gettext_lazy("Pour le dossier"), "for_dossier", _usable(Use.DOSSIER)),
    "toutes": (gettext_lazy("Toutes"), "received", responses_received),
}
ONLY_TESTIMONIES = {"presse", "dossier"}
#: Verb → what it decides, what is said of it.
VERBS: dict[str, tuple[Sorting, Any]] = {
    "garder": (Sorting(state=ResponseState.KEPT), gettext_lazy("Gardée.")),
    "ecarter": (
        Sorting(state=ResponseState.SET_ASIDE),
        gettext_lazy("Écartée : elle ne servira à rien et ne paraîtra nulle part."),
    ),
    "relire": (Sorting(state=ResponseState.WAITING), gettext_lazy("Remise dans « À lire ».")),
    "utile": (
        Sorting(useful=True, state=ResponseState.KEPT),
        gettext_lazy("Marquée utile, et gardée."),
    ),
    "moins-utile": (Sorting(useful=False), gettext_lazy("Plus marquée utile.")),
    "fait": (Sorting(handled=True, state=ResponseState.KEPT), gettext_lazy("C’est fait.")),
    "a-faire": (Sorting(handled=False), gettext_lazy("Remise dans ce qui reste à faire.")),
    "suivre-contact": (
        Sorting(contact_used=True, state=ResponseState.KEPT),
        gettext_lazy("Ce contact est gardé : vous vous en servez."),
    ),
    "oublier-contact": (
        Sorting(contact_used=False),
        gettext_lazy("Ce contact sera effacé quatre-vingt-dix jours après la réponse."),
    ),
}


@member_page
@require_safe
def responses(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Words one tab at a time, twenty by twenty; or the guests of an event."""
    place, ask = ask_for_sorting(user_of(request), slug, pk)
    context: dict[str, Any] = {
        "ask": ask,
        "update": ask.update,
        "closing": closing_of(ask, place.petition, now=timezone.now()),
        "media": settings.MEDIA_URL,
    }
    if ask.kind == AskKind.ATTEND:
        context |= _guests(request, ask)
        return page(request, "desk/updates/guests.html", context, place=place, here="updates")
    context |= _words(request, ask)
    return page(request, "desk/updates/responses.html", context, place=place, here="updates")


@member_page
@require_POST
def sort(request: HttpRequest, slug: str, pk: int, response: int, verb: str) -> HttpResponse:
    """Keep, set aside, mark useful or done."""
    user = user_of(request)
    place, found = response_for_sorting(user, slug, pk, response)
    if verb not in VERBS:
        raise Http404
    sorting, said = VERBS[verb]
    sort_response(response_id=found.pk, sorting=sorting, by=user, now=timezone.now())
    messages.success(request, said)
    return _back(request, place.slug, pk)


@member_page
@require_POST
def presence(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who came, among those the page showed."""
    user, now = user_of(request), timezone.now()
    place, ask = ask_for_sorting(user, slug, pk)
    shown, came = (_numbers(request, name) for name in ("montres", "venus"))
    marked = mark_present(ask=ask, responses=shown & came, present=True, by=user, now=now)
    mark_present(ask=ask, responses=shown - came, present=False, by=user, now=now)
    said = ngettext("Noté : %(n)s présence.", "Noté : %(n)s présences.", marked)
    messages.success(request, said % {"n": number(marked)})
    return _back(request, place.slug, pk)


@member_page
@require_POST
def close(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take no answer any more: the page thanks, and shows what was obtained (U56)."""
    user = user_of(request)
    place, ask = ask_for_sorting(user, slug, pk)
    close_ask(ask_id=ask.pk, by=user, now=timezone.now())
    messages.success(request, _("La demande est close : la page remercie et montre le résultat."))
    return redirect("desk_update_responses", place.slug, pk)


def _words(request: HttpRequest, ask: Ask) -> dict[str, Any]:
    counts = sorted_of(ask)
    asked = request.GET.get("etat", "")
    tabs = {
        name: tab
        for name, tab in TABS.items()
        if ask.kind == AskKind.TESTIFY or name not in ONLY_TESTIMONIES
    }
    tab = asked if asked in tabs else "a-lire"
    found = Paginator(tabs[tab][2](ask), PER_PAGE)
    return {
        "tab": tab,
        "tabs": [(name, label, getattr(counts, n)) for name, (label, n, _found) in tabs.items()],
        "counts": counts,
        "responses": found.get_page(request.GET.get("page")),
    }


def _guests(request: HttpRequest, ask: Ask) -> dict[str, Any]:
    guests = (
        Response.objects.filter(ask=ask, kind__in=[Answer.YES, Answer.MAYBE])
        .select_related("person")
        .order_by("-kind", F("waiting_since").asc(nulls_first=True), "at", "pk")
    )
    return {
        "seats": seats_of(ask),
        "when": when_of(ask),
        "guests": Paginator(guests, GUESTS).get_page(request.GET.get("page")),
        "begun": ask.starts_at is not None and ask.starts_at <= timezone.now(),
    }


def _numbers(request: HttpRequest, name: str) -> set[int]:
    typed = request.POST.getlist(name)[:MOST_MARKED]
    return {int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 19}


def _back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    back = request.POST.get("retour", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("desk_update_responses", args=[slug, pk])
    return redirect(back)
