"""Scanned pages and papers that prove something: kept among private files, where nothing runs.

A picture is decoded and written again; a PDF is kept as it came, and only ever handed over as a
file to save (no browser opens it in our pages). Names are drawn, so that no path is guessed.
"""

import re
import uuid
from pathlib import Path
from typing import IO

from django.conf import settings

from levier.foundation.common.images import MAX_BYTES, NotAnImage, reencode

FOLDER = "scans"  # pages that hold names
PROOFS = "proofs"  # papers that anybody may read
PDF = b"%PDF-"
KINDS = {".jpg": "image/jpeg", ".pdf": "application/pdf"}
NAME = re.compile(r"[0-9a-f]{32}\.(?:jpg|pdf)")


class NotAScan(Exception):
    """Neither a picture that can be decoded nor a PDF, or too heavy."""


def keep_scan(file: IO[bytes], *, folder: str = FOLDER) -> str:
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
    where = _folder(folder)
    for made in (where.parent, where):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
    (where / name).write_bytes(content)
    return name


def scan_file(name: str, *, folder: str = FOLDER) -> Path | None:
    """Where a scan is; None when there is none of that name."""
    path = _folder(folder) / name if NAME.fullmatch(name) else None
    return path if path is not None and path.is_file() else None


def drop_scan(name: str, *, folder: str = FOLDER) -> None:
    """Delete a scan for good; nothing to delete is no error."""
    if (path := scan_file(name, folder=folder)) is not None:
        path.unlink(missing_ok=True)


def _folder(name: str) -> Path:
    return Path(settings.PRIVATE_ROOT) / name
