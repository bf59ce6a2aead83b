"""Pictures of petitions: only files we re-encoded ourselves, named by their content."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from PIL import Image

from levier.gathering.petitions.models.petition import Version

KINDS = {".webp": "image/webp", ".jpg": "image/jpeg", ".png": "image/png"}
#: Folders and a name of our own making: no dot but the last one, nothing hidden, no way up.
NAME = re.compile(r"(?:[a-z0-9_-]+/)*[0-9a-z_-]+\.(?:webp|jpg|png)")
LONGEST_NAME = 120  # as kept in Version.image; some file systems refuse more than 255 bytes


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as the page shows it; its size spares the reader a jump while it loads."""

    address: str
    alternative: str
    legend: str
    width: int
    height: int


@transaction.non_atomic_requests
@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture, kept for good by who asks: another picture has another name."""
    path = file_of(name)
    if path is None or not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type=KINDS[path.suffix])
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file_of(name: str) -> Path | None:
    """Where a picture of that name would be; None for a name we never give."""
    known = len(name) <= LONGEST_NAME and NAME.fullmatch(name)
    return Path(settings.MEDIA_ROOT) / name if known else None


def picture_of(version: Version) -> Picture | None:
    """The picture of a text, if it has one and the file is there."""
    return picture_at(version.image, alternative=version.image_alt, legend=version.image_credit)


def picture_at(name: str, *, alternative: str, legend: str) -> Picture | None:
    """The picture of that name, if the file is there."""
    path = file_of(name)
    if path is None or not path.is_file():
        return None
    width, height = _size(str(path))
    return Picture(
        address=f"{settings.MEDIA_URL}{name}",
        alternative=alternative,
        legend=legend,
        width=width,
        height=height,
    )


@lru_cache(maxsize=256)
def _size(path: str) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size
