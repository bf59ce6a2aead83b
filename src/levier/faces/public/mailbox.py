"""The demonstration's mailbox: every mail it sent, as it was received. Elsewhere: 404."""

import json
import mmap
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

FILE = "courrier.jsonl"
PAGE = 25
#: A mail is a stranger's page: it runs nothing, fetches nothing, and opens its links outside.
WALL = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One mail, known by where its line begins in the file, which only grows."""

    at: int
    mail: dict[str, Any]

    @property
    def received(self) -> object:
        """When the mailbox took it."""
        return parse_datetime(self.mail.get("received_at", ""))


def demo_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Nothing of this exists outside a demonstration."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return guarded


@demo_only
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The latest mails, and older ones page by page."""
    asked = request.GET.get("avant", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    mails, older = _before(before)
    context = {"mails": mails, "older": older, "latest": before is None}
    return render(request, "public/mailbox.html", context)


@demo_only
@require_safe
def mail(request: HttpRequest, at: int) -> HttpResponse:
    """One mail: its headers, its HTML behind a wall, its text."""
    return render(request, "public/mailbox_mail.html", {"kept": _at(at)})


@demo_only
@require_safe
@xframe_options_sameorigin
def mail_html(request: HttpRequest, at: int) -> HttpResponse:
    """The HTML of a mail alone, as its frame shows it."""
    html = str(_at(at).mail.get("html", "")).replace('target="_blank"', 'target="_top"')
    response = HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))
    response["Content-Security-Policy"] = WALL
    response["Referrer-Policy"] = "no-referrer"
    return response


@demo_only
@require_safe
def mails_as_lines(request: HttpRequest) -> HttpResponseBase:
    """One JSON line per mail, oldest first."""
    kind = "application/jsonl; charset=utf-8"
    try:
        return FileResponse(_file().open("rb"), content_type=kind)
    except FileNotFoundError:
        return HttpResponse(b"", content_type=kind)


def _file() -> Path:
    return Path(settings.ENVIRONMENT.data) / FILE


def _before(end: int | None) -> tuple[list[Kept], int | None]:
    """Up to a page of mails that end at or before a place, newest first, and where to go on."""
    try:
        with (
            _file().open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view,
        ):
            whole = view.rfind(b"\n") + 1
            end = whole if end is None else min(end, whole)
            found: list[Kept] = []
            while end > 0 and len(found) < PAGE:
                begin = view.rfind(b"\n", 0, end - 1) + 1
                found.append(Kept(at=begin, mail=json.loads(view[begin:end])))
                end = begin
            return found, end or None
    except (FileNotFoundError, ValueError):  # no file, an empty one, or a place inside a line
        return [], None


def _at(at: int) -> Kept:
    """The mail whose line begins there. Raises Http404."""
    try:
        with _file().open("rb") as file:
            file.seek(max(0, at - 1))
            if at and file.read(1) != b"\n":
                raise Http404
            return Kept(at=at, mail=json.loads(file.readline()))
    except (FileNotFoundError, ValueError, OverflowError, OSError) as error:
        raise Http404 from error
