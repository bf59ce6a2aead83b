"""Switches: what is stopped, held or asked for a while, on one petition or on the site (P71)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.switching import set_switch
from levier.gathering.petitions.enums import OF_ONE_PETITION, SwitchKind
from levier.gathering.petitions.forms.switch import EFFECTS, SwitchForm
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.switch import Switch
from levier.gathering.petitions.rules.gates import petition_for_editing
from levier.gathering.petitions.rules.site import runs_the_site, site_for_running
from levier.gathering.petitions.rules.switches import thrown_on_site, thrown_switches


@dataclass(frozen=True, kw_only=True)
class Line:
    """One switch as the desk shows it."""

    kind: SwitchKind
    effect: Any
    thrown: Switch | None
    of_site: str  # the site's own sentence, when the whole site has thrown it
    form: SwitchForm


@member_page
@require_safe
def of_petition(request: HttpRequest, slug: str) -> HttpResponse:
    """The switches of one petition, and those of the site that weigh on it."""
    place = petition_for_editing(user_of(request), slug)
    context = {
        "lines": _lines(place.petition),
        "may_switch_site": runs_the_site(place.membership),
    }
    return page(request, "desk/switches.html", context, place=place, here="switches")


@member_page
@require_POST
def throw(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Throw it, with its sentence."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    form = _thrown(request, _known(kind, place.petition), place.petition, user)
    if form is None:
        return redirect("desk_switches", place.slug)
    context = {"lines": _lines(place.petition, form), "may_switch_site": False, "form": form}
    return page(request, "desk/switches.html", context, place=place, here="switches", status=422)


@member_page
@require_POST
def take_back(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """All as usual again."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    _taken_back(request, _known(kind, place.petition), place.petition, user)
    return redirect("desk_switches", place.slug)


@member_page
@require_safe
def of_site(request: HttpRequest) -> HttpResponse:
    """The switches of the whole site, for owners of the organisation that runs it."""
    membership = site_for_running(user_of(request))
    context = {"lines": _lines(None)}
    return page(request, "desk/switches.html", context, membership=membership, here="site_switches")


@member_page
@require_POST
def throw_on_site(request: HttpRequest, kind: str) -> HttpResponse:
    """Throw it for every petition."""
    user = user_of(request)
    membership = site_for_running(user)
    form = _thrown(request, _known(kind, None), None, user)
    if form is None:
        return redirect("desk_site_switches")
    context = {"lines": _lines(None, form), "form": form}
    return page(
        request,
        "desk/switches.html",
        context,
        membership=membership,
        here="site_switches",
        status=422,
    )


@member_page
@require_POST
def take_back_on_site(request: HttpRequest, kind: str) -> HttpResponse:
    """All as usual again."""
    user = user_of(request)
    site_for_running(user)
    _taken_back(request, _known(kind, None), None, user)
    return redirect("desk_site_switches")


def _thrown(
    request: HttpRequest, kind: SwitchKind, petition: Petition | None, by: User
) -> SwitchForm | None:
    """None once it is thrown; else the form to mend."""
    form = SwitchForm(request.POST, kind=kind)
    if not form.is_valid():
        return form
    sentence, now = form.cleaned_data["sentence"], timezone.now()
    set_switch(kind=kind, petition=petition, thrown=True, sentence=sentence, by=by, now=now)
    messages.success(request, _("C’est fait : votre phrase paraît dans les secondes qui viennent."))
    return None


def _taken_back(
    request: HttpRequest, kind: SwitchKind, petition: Petition | None, by: User
) -> None:
    set_switch(kind=kind, petition=petition, thrown=False, by=by, now=timezone.now())
    messages.success(request, _("C’est fait : tout reprend comme d’habitude."))


def _known(kind: str, petition: Petition | None) -> SwitchKind:
    kinds = OF_ONE_PETITION if petition else frozenset(SwitchKind)
    if kind not in kinds:
        raise Http404
    return SwitchKind(kind)


def _lines(petition: Petition | None, wrong: SwitchForm | None = None) -> list[Line]:
    thrown, site = thrown_switches(petition), thrown_on_site()
    return [
        Line(
            kind=kind,
            effect=EFFECTS[kind],
            thrown=(row := thrown.get(kind)),
            of_site=getattr(site, kind) if petition else "",
            form=wrong
            if wrong is not None and wrong.prefix == kind
            else SwitchForm(kind=kind, initial={"sentence": row.sentence} if row else {}),
        )
        for kind in SwitchKind
        if petition is None or kind in OF_ONE_PETITION
    ]
