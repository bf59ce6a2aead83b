"""Scanned pages that hold names: kept among private files, where nothing runs or is served.

A picture is decoded and written again; a PDF is kept as it came, and only ever handed over as a
file to save (no browser opens it in our pages). Names are drawn, so that no path is guessed.
"""

import re
import uuid
from pathlib import Path
from typing import IO

from django.conf import settings

from levier.foundation.common.images import MAX_BYTES, NotAnImage, reencode

FOLDER = "scans"
PDF = b"%PDF-"
KINDS = {".jpg": "image/jpeg", ".pdf": "application/pdf"}
NAME = re.compile(r"[0-9a-f]{32}\.(?:jpg|pdf)")


class NotAScan(Exception):
    """Neither a picture that can be decoded nor a PDF, or too heavy."""


def keep_scan(file: IO[bytes]) -> str:
    """Keep a scan; returns its name. Raises NotAScan."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NotAScan
    suffix = ".pdf"
    if not content.startswith(PDF):
        file.seek(0)
        try:
            content, suffix = reencode(file), ".jpg"
        except NotAnImage as error:
            raise NotAScan from error
    name = f"{uuid.uuid4().hex}{suffix}"
    folder = _folder()
    for made in (folder.parent, folder):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return name


def scan_file(name: str) -> Path | None:
    """Where a scan is; None when there is none of that name."""
    path = _folder() / name if NAME.fullmatch(name) else None
    return path if path is not None and path.is_file() else None


def drop_scan(name: str) -> None:
    """Delete a scan for good; nothing to delete is no error."""
    if (path := scan_file(name)) is not None:
        path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.PRIVATE_ROOT) / FOLDER
