"""What a file is, by its own bytes: its name proves nothing."""

import re
from enum import StrEnum
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.tables.errors import (
    CutShort,
    EmptyTable,
    Garbled,
    NotATable,
    Swollen,
    TooHeavy,
)

MOST_BYTES = 200 * 1024 * 1024
HEAD = 65_536
# A workbook of a million rows unfolds to some 500 MB of XML, ten to sixty times its size.
MOST_UNFOLDED = 1024 * 1024 * 1024
MOST_RATIO = 120
RATIO_MATTERS = 20 * 1024 * 1024  # below, unfolding is cheap whatever the ratio
MOST_PARTS = 5_000

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS: tuple[tuple[bytes, str | Promise], ...] = (
    (b"\x89PNG", _("une image PNG")),
    (b"\xff\xd8\xff", _("une image JPEG")),
    (b"GIF8", _("une image GIF")),
    (b"BM", _("une image BMP")),
    (b"II*\x00", _("une image TIFF")),
    (b"MM\x00*", _("une image TIFF")),
    (b"%PDF", _("un document PDF")),
    (b"\x1f\x8b", _("une archive")),
    (b"Rar!", _("une archive")),
    (b"7z\xbc\xaf", _("une archive")),
    (b"PK\x05\x06", _("une archive vide")),
    (b"{\\rtf", _("un texte mis en forme (RTF)")),
    (b"SQLite format 3", _("une base de données")),
)
MARKUP: tuple[tuple[re.Pattern[bytes], str | Promise], ...] = (
    (
        re.compile(rb"<svg|<\?xml[^>]*>\s*(<!--.*?-->\s*)*<svg", re.IGNORECASE | re.DOTALL),
        _("une image SVG"),
    ),
    (re.compile(rb"<!doctype html|<html|<head|<table|<meta", re.IGNORECASE), _("une page web")),
    (re.compile(rb"<\?xml", re.IGNORECASE), _("un fichier XML")),
    (re.compile(rb"[{\[]\s*[{\[\"]"), _("un fichier JSON")),
)
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


class Kind(StrEnum):
    """What can be read."""

    TEXT = "text"
    WORKBOOK = "workbook"


def kind_of(path: Path) -> Kind:
    """What a file is. Raises UnreadableTable when it is nothing that can be read, or too much."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TooHeavy
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip():
        raise EmptyTable
    if head.startswith(ZIP):
        _check_parts(path)
        return Kind.WORKBOOK
    if head.startswith(OLE):
        return Kind.WORKBOOK
    _refuse_others(head)
    return Kind.TEXT


def _check_parts(path: Path) -> None:
    """A zip that is a spreadsheet, and no bomb; read from its table of contents only."""
    try:
        with ZipFile(path) as parts:
            inside = parts.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise CutShort from error
    unfolded = sum(part.file_size for part in inside)
    folded = sum(part.compress_size for part in inside)
    if len(inside) > MOST_PARTS or unfolded > MOST_UNFOLDED:
        raise Swollen
    if unfolded > RATIO_MATTERS and unfolded > MOST_RATIO * max(folded, 1):
        raise Swollen
    names = {part.filename for part in inside}
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise NotATable(_("un document Word") if "word/document.xml" in names else _("une archive"))


def _refuse_others(head: bytes) -> None:
    for mark, found in OTHERS:
        if head.startswith(mark):
            raise NotATable(found)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise NotATable(_("une image WebP"))
    clear = head.replace(b"\x00", b"")
    for mark in MARKS:
        clear = clear.removeprefix(mark)
    for pattern, found in MARKUP:
        if pattern.match(clear.lstrip()):
            raise NotATable(found)
    if head.startswith(MARKS):
        return
    if len(CONTROLS.findall(head)) > len(head) // 200:
        raise Garbled
