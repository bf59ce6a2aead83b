"""Which encoding a text is in, found by reading it through once, piece by piece."""

import codecs
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from levier.foundation.common.tables.errors import Garbled

PIECE = 1_048_576
SAMPLE = 262_144
ENOUGH = 50  # broken characters
# What French spreadsheets wrote over the years; the first one is by far the most common.
FRENCH = ("cp1252", "mac_roman", "cp850", "iso8859_15")
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac OS Roman",
    "cp850": "DOS (850)",
    "iso8859_15": "ISO 8859-15",
}
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """A codec's name, and whether some bytes mean nothing in it (they become « � »)."""

    name: str
    damaged: bool = False


def encoding_of(path: Path) -> Encoding:
    """The encoding of a text. Raises Garbled when it is no text in any encoding we know."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for mark, name in BOMS:
        if head.startswith(mark):
            return Encoding(name=name, damaged=_is_damaged(path, name))
    if wide := _wide(head):
        return Encoding(name=wide, damaged=_is_damaged(path, wide))
    if b"\x00" in head:
        raise Garbled
    good, bad, first = _utf8_quality(path)
    if bad == 0:
        return Encoding(name="utf-8")
    if good > 10 * bad:  # a few rows pasted from elsewhere
        return Encoding(name="utf-8", damaged=True)
    return Encoding(name=_legacy(path, first))


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: every second byte of a western text is zero."""
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    half = len(head[:4096]) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else ""


def _is_damaged(path: Path, name: str) -> bool:
    try:
        with path.open(encoding=name, newline="") as file:
            while file.read(PIECE):
                continue
    except UnicodeError:
        return True
    return False


def _utf8_quality(path: Path) -> tuple[int, int, int]:
    """How many characters beyond ASCII are sound and how many are not, and where the first that
    is not begins, to the piece."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = first = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            start = file.tell() - len(piece)
            if piece.isascii() and not decoder.getstate()[0]:
                continue
            text = decoder.decode(piece)
            lost = text.count("\ufffd")
            if lost and not bad:
                first = start
            bad += lost
            good += len(text) - len(text.encode("ascii", "ignore")) - lost
            if bad > ENOUGH and bad > good:
                return good, bad, first  # no doubt is left
    return good, bad + decoder.decode(b"", final=True).count("\ufffd"), first


def _legacy(path: Path, start: int) -> str:
    """Among the encodings of one byte a character, the likeliest around the first accent."""
    with path.open("rb") as file:
        file.seek(start)
        sample = file.read(SAMPLE)
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())
    best = from_bytes(telling[:16_384], cp_isolation=list(FRENCH), enable_fallback=False).best()
    found = best.encoding if best else FRENCH[0]
    return found if found in FRENCH else FRENCH[0]
