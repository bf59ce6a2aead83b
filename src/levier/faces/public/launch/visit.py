"""Whose draft a request is about: a secret in a cookie that only `/lancer/` knows.

The cookie is given by the first page, so that two tabs and a double click write one draft (P1).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from levier.faces.public.own_pages import from_own_pages
from levier.faces.public.visits import count_visit
from levier.gathering.petitions.actions.launching import keep_typed
from levier.gathering.petitions.models.launch import LaunchDraft
from levier.gathering.petitions.rules.launch import DRAFT_AGE, draft_of, new_secret

COOKIE = "brouillon"
PATH = "/lancer/"
SECRET = re.compile(r"[-\w]{32}")
MARK = "temoin"  # in an address: a cookie was just given
PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


@dataclass(kw_only=True)
class Visit:
    """A secret, the draft it opens if something was saved, and how they are kept."""

    request: HttpRequest
    secret: str
    draft: LaunchDraft | None
    is_new: bool  # the browser did not bring the cookie

    @property
    def typed(self) -> Mapping[str, str]:
        """Field → what was typed, all steps together."""
        return self.draft.typed if self.draft else {}

    @property
    def is_cookieless(self) -> bool:
        """Whether the browser threw away the cookie it was just given."""
        return self.is_new and MARK in self.request.GET

    def begin_again(self) -> None:
        """What became a petition is over: another draft, another secret."""
        if self.draft is not None and self.draft.petition_id is not None:
            self.secret, self.draft = new_secret(), None

    def keep(self, typed: Mapping[str, str], *, now: datetime) -> LaunchDraft:
        """Save a step. Raises TooManyFromHere where one network begins too many drafts."""
        if self.draft is None:
            count_visit(self.request)
        self.draft = keep_typed(secret=self.secret, typed=typed, now=now)
        return self.draft

    def go(self, name: str, *args: Any) -> HttpResponse:
        """303 to another step; a browser without the cookie is told so there."""
        response = redirect(name, *args)
        response.status_code = 303
        if self.is_new:
            response["Location"] += f"?{MARK}"
        return response


def launch_page(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """The view gets its Visit; the answer is private and carries the cookie."""

    @wraps(view)
    def visited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visit = visit_of(request)
        response = view(request, visit, *args, **kwargs)
        for name, value in PRIVATE.items():
            response.setdefault(name, value)
        remember(response, visit.secret)
        return response

    return from_own_pages(visited)  # type: ignore[return-value]


def visit_of(request: HttpRequest) -> Visit:
    """The draft of the request's cookie, or a secret for one to come."""
    cookie = request.COOKIES.get(COOKIE, "")
    brought = cookie if SECRET.fullmatch(cookie) else ""
    draft = draft_of(brought)
    secret = brought or new_secret()
    return Visit(request=request, secret=secret, draft=draft, is_new=not brought)


def remember(response: HttpResponse, secret: str) -> None:
    """Give the cookie, for as long as a draft is kept."""
    if COOKIE in response.cookies:
        return
    response.set_cookie(
        COOKIE,
        secret,
        max_age=DRAFT_AGE,
        path=PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
