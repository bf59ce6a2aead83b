"""« Recevoir un lien pour continuer plus tard », and opening it on another device."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.public.launch.visit import Visit, launch_page
from levier.faces.public.pages import secret as secret_page
from levier.faces.public.visits import count_visit
from levier.foundation.common.tokens import BadToken
from levier.gathering.petitions.actions.launching import send_link
from levier.gathering.petitions.errors import EnoughLinks
from levier.gathering.petitions.rules.launch import draft_of, secret_in
from levier.gathering.signing.errors import TooManyFromHere
from levier.gathering.signing.forms import LinkForm


@dataclass(frozen=True, kw_only=True)
class LinkAsked:
    """What became of asking for the link."""

    typed: str = ""
    error: str = ""
    sent: bool = False
    status: int = 200


def send_link_to(visit: Visit, *, now: datetime) -> LinkAsked:
    """Send it to the address typed beside the step, which is saved already."""
    typed = visit.request.POST.get("link_email", "")
    form = LinkForm({"email": typed})
    if visit.draft is None or not form.is_valid():
        told = form.errors.get("email", [_("Écrivez l’adresse où l’envoyer.")])
        return LinkAsked(typed=typed, error=str(told[0]), status=422)
    try:
        count_visit(visit.request)
        email = form.cleaned_data["email"]
        send_link(draft=visit.draft, secret=visit.secret, email=email, now=now)
    except (TooManyFromHere, EnoughLinks) as refusal:
        return LinkAsked(typed=typed, error=str(refusal), status=429)
    return LinkAsked(typed=typed, sent=True)


@launch_page
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, visit: Visit, token: str) -> HttpResponse:
    """Which draft the link opens; the button opens it here (a scanner's GET opens nothing)."""
    try:
        opened = secret_in(token, now=timezone.now())
    except BadToken:
        opened = ""
    draft = draft_of(opened)
    if draft is None or draft.petition_id is not None:
        gone = draft is None
        return secret_page(
            render(request, "public/launch/no_draft.html", {"gone": gone}, status=410)
        )
    if request.method == "POST":
        visit.secret = opened
        return visit.go("launch")
    context = {"draft": draft, "typed": draft.typed, "own": visit.typed}
    return secret_page(render(request, "public/launch/resume.html", context))
