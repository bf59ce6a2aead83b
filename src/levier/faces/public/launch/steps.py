"""The first four steps: each saved on leaving, by whatever button (P1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from levier.faces.public.launch.link import LinkAsked, send_link_to
from levier.faces.public.launch.visit import Visit, launch_page
from levier.faces.public.private import see_other
from levier.gathering.petitions.forms.launch import (
    AskForm,
    LookForm,
    WhoForm,
    WhyForm,
    typed_in,
)
from levier.gathering.petitions.forms.picture import PictureForm
from levier.gathering.petitions.models.petition import Slug
from levier.gathering.petitions.queries import addressable, similar_to
from levier.gathering.petitions.rules.concreteness import concreteness
from levier.gathering.petitions.rules.switches import thrown_on_site
from levier.gathering.signing.errors import TooManyFromHere

FOUND_SHOWN = 12
FORWARD, BACK, SEARCH, ADVICE, LINK = "suite", "precedent", "chercher", "conseils", "lien"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: its title, its form, its address by name."""

    key: str
    title: str | Promise
    name: str
    form: type[forms.Form] | None
    told: Mapping[str, Any] = field(default_factory=dict)


STEPS = (
    Step(key="qui", title=_("À qui ?"), name="launch", form=WhoForm),
    Step(key="demande", title=_("Que demandez-vous ?"), name="launch_ask", form=AskForm),
    Step(key="pourquoi", title=_("Pourquoi vous ?"), name="launch_why", form=WhyForm),
    Step(key="image", title=_("Image et titre"), name="launch_look", form=LookForm),
    Step(key="relire", title=_("Relire et publier"), name="launch_read", form=None),
)
PLACES = {step.key: place for place, step in enumerate(STEPS)}


def form_of(step: Step, *args: Any, now: datetime, **kwargs: Any) -> forms.Form:
    """The form of a step."""
    if step.form is None:
        raise TypeError(step.key)
    if step.form is WhoForm:
        kwargs["today"] = timezone.localdate(now)
    return step.form(*args, **kwargs)


@launch_page
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Show a step as it was left; save it, then go on, back, or stay with what is to be mended."""
    visit.begin_again()
    here, now = STEPS[PLACES[key]], timezone.now()
    if request.method != "POST":
        return shown(visit, here, form_of(here, now=now, initial=_brought(visit)), now=now)
    form = form_of(here, request.POST, request.FILES, now=now)
    is_right = form.is_valid()
    try:
        visit.keep(typed_in(form), now=now)
    except TooManyFromHere as refusal:
        return shown(visit, here, form, now=now, status=429, notice=str(refusal))
    return ACTS.get(request.POST.get("act", FORWARD), _forward)(visit, here, form, is_right, now)


def _brought(visit: Visit) -> Mapping[str, str]:
    """What was typed; before anything was, the theme and the petition of the link that led here
    (U53)."""
    asked = visit.request.GET
    if visit.typed or not asked:
        return visit.typed
    return {"theme": asked.get("theme", "")[:60], "origin": asked.get("origine", "")[:120]}


def _forward(
    visit: Visit, here: Step, form: forms.Form, is_right: bool, now: datetime
) -> HttpResponse:
    if not is_right:
        return shown(visit, here, form, now=now, status=422)
    if here.key == "qui":
        return _after_who(visit, here, form, now)
    return visit.go(STEPS[PLACES[here.key] + 1].name)


def _after_who(visit: Visit, here: Step, form: forms.Form, now: datetime) -> HttpResponse:
    """Those found are shown once before free words are taken (P3), then what looks alike (P4)."""
    data, seen = form.cleaned_data, visit.request.POST.get("seen", "")
    chosen = data["mandate"] or data["who_post"] or data["who_name"]
    if not chosen and data["search"] != seen and found_for(data["search"], now):
        return shown(visit, here, form, now=now, found_first=True)
    return visit.go("launch_similar" if similar_for(visit.typed) else "launch_ask")


def _back(
    visit: Visit, here: Step, form: forms.Form, is_right: bool, now: datetime
) -> HttpResponse:
    place = PLACES[here.key]
    return visit.go(STEPS[place - 1].name) if place else see_other(reverse("home"))


def _stay(
    visit: Visit, here: Step, form: forms.Form, is_right: bool, now: datetime
) -> HttpResponse:
    """« Chercher » and « Voir les conseils »: for who has no JavaScript."""
    return shown(visit, here, form_of(here, now=now, initial=visit.typed), now=now)


def _send(
    visit: Visit, here: Step, form: forms.Form, is_right: bool, now: datetime
) -> HttpResponse:
    """« Recevoir un lien »: the step is saved, and stays open."""
    asked = send_link_to(visit, now=now)
    again = form_of(here, now=now, initial=visit.typed)
    return shown(visit, here, again, now=now, status=asked.status, link=asked)


ACTS: dict[str, Callable[..., HttpResponse]] = {
    FORWARD: _forward,
    BACK: _back,
    SEARCH: _stay,
    ADVICE: _stay,
    LINK: _send,
}


def found_for(typed: str, now: datetime) -> list[Any]:
    """Decision-makers for some words, each once, whoever wrote them down (P3)."""
    if not typed.strip():
        return []
    found = addressable(typed, on=timezone.localdate(now))[: FOUND_SHOWN * 2]
    once = {(str(m.person), m.post.label, m.post.organization.name): m for m in reversed(found)}
    return list(reversed(once.values()))[:FOUND_SHOWN]


def similar_for(typed: Mapping[str, str]) -> list[Slug]:
    """Open petitions that look like what was said so far (P4)."""
    said = " ".join(typed.get(name, "") for name in ("subject", "title", "ask"))
    return similar_to(said[:1_000])


def missing_in(ask: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """What the demand still lacks (P2), knowing whom it is addressed to."""
    ask = ask.strip()[:1_000]
    named = typed.get("who_name", "").rpartition(" ")[2]
    return {"missing": concreteness(ask, deciders=[named]) if ask else (), "typed": bool(ask)}


def shown(
    visit: Visit,
    here: Step,
    form: forms.Form,
    *,
    now: datetime,
    status: int = 200,
    link: LinkAsked | None = None,
    notice: str = "",
    found_first: bool = False,
) -> HttpResponse:
    """A step's page."""
    context: dict[str, Any] = {
        "here": "launch",
        "form": form,
        "visit": visit,
        "link": link or LinkAsked(),
        "notice": notice,
        "stopped": thrown_on_site().launch,
        "found_first": found_first,
        **thread(here),
    }
    if isinstance(form, WhoForm):
        search = str(form["search"].value() or "")
        context |= {"found": found_for(search, now), "searched": search}
        context["chosen"] = str(form["mandate"].value() or "")
    if isinstance(form, AskForm):
        context |= missing_in(str(form["ask"].value() or ""), visit.typed)
    if isinstance(form, PictureForm):
        kept = form.kept_picture()
        context |= {"kept_path": kept, "kept_image": f"{settings.MEDIA_URL}{kept}" if kept else ""}
    return render(visit.request, f"public/launch/{here.key}.html", context, status=status)


def thread(here: Step) -> dict[str, Any]:
    """Where one is on the way."""
    place = PLACES[here.key]
    return {
        "step": here,
        "place": place + 1,
        "steps": [
            {"step": one, "state": "done" if n < place else "now" if n == place else ""}
            for n, one in enumerate(STEPS)
        ],
    }
