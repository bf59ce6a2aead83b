"""Pages opened by a sealed link: the link is the key, so no copy of it may be left anywhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from levier.faces.public.pages import secret
from levier.foundation.common.tokens import BadToken, ExpiredToken
from levier.gathering.signing.forms import LinkForm

View = Callable[..., HttpResponse]


def private_page(view: View) -> View:
    """No cookie, no copy kept, no address told to the next site, no search engine (spec §7).

    The token stands for the session and for the CSRF token: only the mailbox has it. One that
    opens nothing any more gets a page that says so, with the form to have another.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except ExpiredToken:
            response = _stale(request, status=410)
        except BadToken:
            response = _stale(request, status=404)
        return secret(response)

    return csrf_exempt(guarded)


def see_other(address: str) -> HttpResponse:
    """303: what was done is done, read the page at this address."""
    return HttpResponse(status=303, headers={"Location": address})


def _stale(request: HttpRequest, *, status: int) -> HttpResponse:
    return render(
        request, "public/me/stale.html", {"here": "me", "form": LinkForm()}, status=status
    )
