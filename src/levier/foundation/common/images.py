"""Pictures sent by people: decoded, made smaller and written again: nothing else remains."""

import hashlib
from io import BytesIO
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 8 * 1024 * 1024
MAX_SIDE = 1_600
# A JPEG is decoded at a fraction of its size; the others whole, four bytes a pixel.
MAX_PIXELS = {"JPEG": 80_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
FOLDER = "images"


class NotAnImage(Exception):
    """Not a JPEG, PNG or WebP picture that can be decoded within reason."""


def store_image(file: IO[bytes]) -> str:
    """Keep the picture as a JPEG of at most 1 600 pixels a side; returns its path in the media.

    Metadata (place, device, thumbnail) is gone. The path comes from the content, so the same
    picture is kept once and a path never shows anything else. Raises NotAnImage.
    """
    content = reencode(file)
    path = f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:32]}.jpg"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return path


def reencode(file: IO[bytes]) -> bytes:
    """The picture's pixels as a fresh JPEG, upright, on white. Raises NotAnImage."""
    try:
        with Image.open(file, formats=FORMATS) as image:
            _refuse_bombs(image)
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            return _jpeg(upright)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAnImage from error


def _refuse_bombs(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS[image.format or "PNG"]:
        raise NotAnImage


def _jpeg(image: Image.Image) -> bytes:
    clear = image.convert("RGBA")
    page = Image.new("RGB", clear.size, "white")
    page.paste(clear, mask=clear)
    out = BytesIO()
    page.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()
