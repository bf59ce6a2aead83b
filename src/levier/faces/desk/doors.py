"""How one enters a desk page, and what one meets when the door stays shut."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from levier.foundation.accounts.errors import Hidden, NotAllowed
from levier.foundation.accounts.models import Membership, User
from levier.gathering.petitions.rules.gates import Place

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


def member_page(view: View[P]) -> View[P]:
    """Signed in, or sent to sign in; Hidden becomes 404 and NotAllowed a page that says so."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), "account_login")
        try:
            response = view(request, *args, **kwargs)
        except Hidden as error:
            raise Http404 from error
        except NotAllowed as error:
            response = page(request, "desk/not_allowed.html", {"error": error}, status=403)
        for name, value in PRIVATE.items():
            response.headers[name] = value
        return response

    return guarded


def user_of(request: HttpRequest) -> User:
    """Who is signed in; only for views behind `member_page`."""
    return cast("User", request.user)


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    place: Place | None = None,
    membership: Membership | None = None,
    here: str = "",
    status: int = 200,
) -> HttpResponse:
    """A desk page with its bar and rail. `here` names the current entry of the rail."""
    inside = {
        "place": place,
        "petition": place.petition if place else None,
        "slug": place.slug if place else "",
        "membership": place.membership if place else membership,
        "here": here,
        **(context or {}),
    }
    return render(request, template, inside, status=status)
