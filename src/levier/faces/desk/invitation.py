"""`/invitation/<secret>/`: entering a team, with a new account or one's own."""

from datetime import datetime

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from levier.foundation.accounts.actions import accept_invitation, join_with_new_account
from levier.foundation.accounts.errors import AccountError, InvitationOver
from levier.foundation.accounts.forms import JoinForm
from levier.foundation.accounts.models import User
from levier.foundation.accounts.queries import has_account
from levier.foundation.accounts.rules import open_invitation

SECRET_PAGE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # with none at all, browsers send a null Origin
    "X-Robots-Tag": "noindex",
}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What is offered and by whom; then a button, a form, or where to sign in."""
    now = timezone.now()
    try:
        response = _answer(request, secret, now)
    except InvitationOver:
        response = render(request, "desk/invitation/over.html", status=410)
    for name, value in SECRET_PAGE.items():
        response.headers[name] = value
    return response


def _answer(request: HttpRequest, secret: str, now: datetime) -> HttpResponse:
    offered = open_invitation(secret, now=now)
    context = {"invitation": offered, "secret": secret}
    if isinstance(request.user, User):
        return _with_account(request, request.user, secret, now, context)
    if has_account(offered.email):
        return render(request, "desk/invitation/sign_in.html", context)
    form = JoinForm(request.POST or None, email=offered.email)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        user = join_with_new_account(
            secret=secret, name=data["name"], password=data["password"], now=now
        )
        login(request, user, backend=BACKEND)
        return redirect("desk")
    status = 422 if form.is_bound else 200
    return render(request, "desk/invitation/join.html", {**context, "form": form}, status=status)


def _with_account(
    request: HttpRequest, user: User, secret: str, now: datetime, context: dict[str, object]
) -> HttpResponse:
    if request.method == "POST":
        try:
            accept_invitation(secret=secret, user=user, now=now)
        except InvitationOver:
            raise
        except AccountError as error:
            context["error"] = str(error)
        else:
            return redirect("desk")
    return render(request, "desk/invitation/accept.html", context)
