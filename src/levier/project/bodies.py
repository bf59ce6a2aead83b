"""How much of a request is read before anybody is asked who they are.

Django reads a whole body before its first middleware, onto the disk past some megabytes. So what
is heavy is refused here: in public past a picture, at the desk past a page of text for whoever is
not signed in, and past the heaviest table for whoever is.
"""

from importlib import import_module

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import close_old_connections
from django.http.cookie import parse_cookie
from django.template.loader import render_to_string

from levier.faces.public.front.asgi import (
    Application,
    Event,
    Receive,
    Scope,
    Send,
    Whole,
    header,
    send_whole,
)
from levier.foundation.common.images import MAX_BYTES
from levier.foundation.common.tables.kinds import MOST_BYTES

AROUND = 1_048_576  # what a form holds beside its file
TEXT = AROUND
PUBLIC = MAX_BYTES + AROUND
DESK = MOST_BYTES + AROUND
INSIDE = ("/tableau-de-bord/", "/mon-compte/")
HEADERS = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"connection", b"close"),
]


class Bounded:
    """ASGI: an application that is given bodies no heavier than who sends them may send."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, or refuse it before its body is read."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._application(scope, receive, send)
            return
        announced, light = header(scope, b"content-length"), lightest(scope)
        known = int(announced) if announced.isascii() and announced.isdigit() else None
        most = light
        if known is None or known > light:
            most = await _most(scope, light)
        if known is not None and known > most:
            await _refuse(send, inside=_is_inside(scope) and most == light)
            return
        counted = _Counted(receive, most)
        await self._application(scope, counted, send)
        if counted.is_over:
            await _refuse(send, inside=_is_inside(scope) and most == light)


class _Counted:
    """The body as it comes, cut where it passes the limit: to the application, who sent it left."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._left, self.is_over = receive, most, False

    async def __call__(self) -> Event:
        event = await self._receive()
        self._left -= len(event.get("body", b""))
        if self._left < 0:
            self.is_over = True
            return {"type": "http.disconnect"}
        return event


def lightest(scope: Scope) -> int:
    """What anybody at all may send to an address."""
    return TEXT if _is_inside(scope) else PUBLIC


async def _most(scope: Scope, light: int) -> int:
    """The session is looked at for what is heavy only: one query, in a thread."""
    if not _is_inside(scope):
        return light
    key = parse_cookie(header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME, "")
    signed_in = bool(key) and await sync_to_async(_is_signed_in, thread_sensitive=True)(key)
    return DESK if signed_in else light


def _is_signed_in(key: str) -> bool:
    close_old_connections()
    try:
        store = import_module(settings.SESSION_ENGINE).SessionStore(key)
        return SESSION_KEY in store
    finally:
        close_old_connections()


def _has_body(scope: Scope) -> bool:
    return scope["method"] not in {"GET", "HEAD", "OPTIONS"} or any(
        name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"]
    )


def _is_inside(scope: Scope) -> bool:
    return str(scope["path"]).startswith(INSIDE)


async def _refuse(send: Send, *, inside: bool) -> None:
    page = render_to_string("errors/too_heavy.html", {"signed_out": inside})
    await send_whole(send, Whole(413, HEADERS, page.encode()))
