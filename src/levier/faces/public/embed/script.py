"""`/integrer/v1.js`: puts the frame where the script stands, and gives it its height."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

FILE = "levier/embed/v1.js"
AN_HOUR = "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"


@gzip_page
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The same bytes for all. Its address never changes: other sites carry it."""
    response = HttpResponse(_text(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = AN_HOUR
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def _text() -> bytes:
    path = finders.find(FILE)
    if not isinstance(path, str):
        raise FileNotFoundError(FILE)
    return Path(path).read_bytes()
