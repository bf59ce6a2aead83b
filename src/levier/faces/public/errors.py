"""What is said when a page cannot be, with a way on. A missing database is told elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from levier.faces.public.pages import Removed


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself makes no sense."""
    return _page(request, "bad_request", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a form sent from another site, mostly."""
    return _page(request, "forbidden", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing there, or nothing for this reader; 410 for what was taken away."""
    if isinstance(exception, Removed):
        return _page(request, "removed", 410, {"removal": exception.removal})
    return _page(request, "not_found", 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when a signed-in form has lost its token."""
    return _page(request, "forbidden", 403)


def _page(
    request: HttpRequest, name: str, status: int, context: dict[str, Any] | None = None
) -> HttpResponse:
    response = render(request, f"public/pages/{name}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
