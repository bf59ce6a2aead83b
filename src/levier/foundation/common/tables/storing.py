"""Files that people sent, in a private folder: never served, and deleted when they have served."""

import hashlib
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

SENT, TEXT = "envoi", "texte.csv"


def folder_of(key: UUID) -> Path:
    """Where the file of one import lives."""
    return Path(settings.PRIVATE_ROOT) / "imports" / str(key)


def sent_file(key: UUID) -> Path:
    """The file as it was sent."""
    return folder_of(key) / SENT


def text_file(key: UUID) -> Path:
    """The text to read: what a workbook was turned into, or the file as it was sent."""
    text = folder_of(key) / TEXT
    return text if text.exists() else sent_file(key)


def made_text(key: UUID) -> Path:
    """Where the text made from a workbook goes."""
    return folder_of(key) / TEXT


def keep(key: UUID, pieces: Iterable[bytes]) -> tuple[bytes, int]:
    """Write a file piece by piece; returns its SHA-256 and its size."""
    folder = folder_of(key)
    for made in (folder.parent.parent, folder.parent, folder):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with (folder / SENT).open("wb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
            size += len(piece)
    return digest.digest(), size


def drop(key: UUID) -> None:
    """Delete all that was kept of one import; nothing to delete is no error."""
    shutil.rmtree(folder_of(key), ignore_errors=True)


def all_kept() -> list[UUID]:
    """The imports of which something is kept."""
    found = []
    for folder in sorted((Path(settings.PRIVATE_ROOT) / "imports").glob("*")):
        try:
            found.append(UUID(folder.name))
        except ValueError:
            continue
    return found


def kept_since(key: UUID) -> datetime:
    """When a folder was last written to."""
    return datetime.fromtimestamp(folder_of(key).stat().st_mtime, tz=UTC)
