"""The last step: read it as it will be, say who carries it, prove one's mailbox, publish."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.public.launch.link import LinkAsked, send_link_to
from levier.faces.public.launch.looks import filled, lacks, page_of
from levier.faces.public.launch.mailbox_code import MailboxCode
from levier.faces.public.launch.steps import BACK, LINK, PLACES, STEPS, missing_in, thread
from levier.faces.public.launch.visit import Visit, launch_page
from levier.faces.public.private import see_other
from levier.faces.public.unpublished import thanks_mail
from levier.faces.public.visits import count_visit
from levier.foundation.accounts.models import Organisation, User
from levier.gathering.petitions.errors import LaunchStopped, PetitionError
from levier.gathering.petitions.forms.launch import (
    OWN,
    AskForm,
    CarrierForm,
    LookForm,
    WhoForm,
    WhyForm,
    plan_of,
    typed_in,
    words_of,
)
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.queries import desk_slug
from levier.gathering.petitions.rules.launch import places_to_launch, welcoming
from levier.gathering.petitions.rules.switches import thrown_on_site
from levier.gathering.signing.actions.launch import launch_petition
from levier.gathering.signing.errors import TooManyFromHere

READ = STEPS[PLACES["relire"]]
NOT_NOW = 409  # a 5xx would lose the session that was just opened


@launch_page
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page, the card and the mail; then who carries it, and the way to publish."""
    if visit.draft is not None and visit.draft.petition is not None:
        return _already(visit)
    now = timezone.now()
    carriers = carriers_for(request.user)
    signed_in = isinstance(request.user, User)
    if request.method != "POST":
        form = CarrierForm(
            initial=_initial(visit.typed, carriers), carriers=carriers, signed_in=signed_in
        )
        return _page(visit, form, now)
    form = CarrierForm(request.POST, carriers=carriers, signed_in=signed_in)
    is_right = form.is_valid()
    try:
        visit.keep(typed_in(form), now=now)
    except TooManyFromHere as refusal:
        return _page(visit, form, now, status=429, notice=str(refusal))
    return _acted(visit, form, is_right, now)


def _acted(visit: Visit, form: CarrierForm, is_right: bool, now: datetime) -> HttpResponse:
    act = visit.request.POST.get("act", "")
    if act == BACK:
        return visit.go(STEPS[PLACES["image"]].name)
    if act == LINK:
        asked = send_link_to(visit, now=now)
        return _page(visit, form, now, status=asked.status, link=asked)
    if not is_right or lacks(filled(visit.typed, now=now)):
        return _page(visit, form, now, status=422)
    if isinstance(visit.request.user, User):
        return _published(visit, form, visit.request.user, now)
    try:
        count_visit(visit.request)
    except TooManyFromHere as refusal:
        return _page(visit, form, now, status=429, notice=str(refusal))
    MailboxCode.begin(visit.request, form.cleaned_data["email"])
    return visit.go("launch_code")


@launch_page
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The code that came by e-mail; the right one opens the account and publishes."""
    if visit.draft is not None and visit.draft.petition is not None:
        return _already(visit)
    awaited = MailboxCode.under_way(request) if request.session.session_key else None
    if awaited is None or visit.draft is None:
        return visit.go(READ.name)
    if request.method != "POST":
        return _code_page(visit, awaited)
    if request.POST.get("act") == "renvoyer":
        return _sent_again(visit, awaited)
    typed = "".join(request.POST.get("code", "").split()).upper()
    if typed != awaited.code.upper():
        if awaited.record_invalid_attempt():
            error = _("Ce code n’est pas le bon. Vérifiez-le dans le dernier courriel reçu.")
            return _code_page(visit, awaited, error=error)
        return visit.go(READ.name)
    return _signed_in(visit, awaited)


def carriers_for(user: User | AnonymousUser | Any) -> dict[str, Organisation]:
    """Who may carry it: the teams one works for, then those that welcome supporters."""
    own = list(places_to_launch(user)) if isinstance(user, User) else []
    return {one.slug: one for one in (*own, *welcoming())}


def _signed_in(visit: Visit, awaited: MailboxCode) -> HttpResponse:
    now, request = timezone.now(), visit.request
    name = visit.typed.get("name", "").strip() or awaited.email.partition("@")[0]
    answer = awaited.sign_in(name=name[:120], redirect_url=reverse(READ.name), now=now)
    if not isinstance(request.user, User):  # a second factor comes first, then back to the step
        return answer
    form = CarrierForm(dict(visit.typed), carriers=carriers_for(request.user), signed_in=True)
    if not form.is_valid() or lacks(filled(visit.typed, now=now)):
        return visit.go(READ.name)
    return _published(visit, form, request.user, now)


def _published(visit: Visit, form: CarrierForm, by: User, now: datetime) -> HttpResponse:
    if visit.draft is None:
        return visit.go(READ.name)
    bound: Mapping[str, Any] = filled(visit.typed, now=now)
    who, ask, why, look = (bound[key] for key in ("qui", "demande", "pourquoi", "image"))
    assert isinstance(who, WhoForm)
    assert isinstance(ask, AskForm)
    assert isinstance(why, WhyForm)
    assert isinstance(look, LookForm)
    plan = plan_of(who, words_of(ask, why, look), form.carried_by())
    try:
        with transaction.atomic():
            petition = launch_petition(draft=visit.draft, plan=plan, by=by, now=now)
    except PetitionError as error:
        status = NOT_NOW if isinstance(error, LaunchStopped) else 422
        return _page(visit, form, now, status=status, notice=str(error))
    return _after(visit, petition)


def _sent_again(visit: Visit, awaited: MailboxCode) -> HttpResponse:
    try:
        count_visit(visit.request)
    except TooManyFromHere as refusal:
        return _code_page(visit, awaited, error=str(refusal), status=429)
    if awaited.can_resend:
        awaited.resend()
    return see_other(f"{reverse('launch_code')}?renvoye")


def _already(visit: Visit) -> HttpResponse:
    """The button pressed twice, or the page opened again."""
    petition = visit.draft.petition if visit.draft else None
    return _after(visit, petition) if petition else visit.go("launch")


def _after(visit: Visit, petition: Petition) -> HttpResponse:
    return visit.go("launched", desk_slug(petition))


def _initial(typed: Mapping[str, str], carriers: Mapping[str, Organisation]) -> dict[str, str]:
    only = OWN if not carriers else ""
    return {"carrier": only, **{name: value for name, value in typed.items() if value}}


def _code_page(
    visit: Visit, awaited: MailboxCode, *, error: str = "", status: int | None = None
) -> HttpResponse:
    context = {
        "here": "launch",
        "email": awaited.email,
        "error": error,
        "can_resend": awaited.can_resend,
        "sent_again": "renvoye" in visit.request.GET,
        **thread(READ),
    }
    status = status or (422 if error else 200)
    return render(visit.request, "public/launch/code.html", context, status=status)


def _page(
    visit: Visit,
    form: CarrierForm,
    now: datetime,
    *,
    status: int = 200,
    notice: str = "",
    link: LinkAsked | None = None,
) -> HttpResponse:
    looks = page_of(visit, now=now)
    lacking = lacks(filled(visit.typed, now=now))
    context = {
        "here": "launch",
        "form": form,
        "visit": visit,
        "lacking": lacking,
        "chosen": str(form["carrier"].value() or ""),
        "own": OWN,
        "carriers": form.carriers,
        "mine": {organisation.slug for organisation in places_to_launch_of(visit)},
        "signed_in": isinstance(visit.request.user, User),
        "address": f"{settings.BASE_URL}/petitions/{looks.slug}/",
        "subject": thanks_mail(looks).subject,
        "look": looks,
        "notice": notice,
        "stopped": thrown_on_site().launch,
        "link": link or LinkAsked(),
        **missing_in(visit.typed.get("ask", ""), visit.typed),
        **thread(READ),
    }
    return render(visit.request, "public/launch/relire.html", context, status=status)


def places_to_launch_of(visit: Visit) -> list[Organisation]:
    """The teams in whose name the visitor may publish."""
    user = visit.request.user
    return list(places_to_launch(user)) if isinstance(user, User) else []
