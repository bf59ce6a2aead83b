"""Documents to print, set by Typst from our templates. What people typed is data, never source.

The fonts are Typst's own and those shipped beside the templates: the same pages on every machine,
whatever the script or the emoji. Nothing is fetched.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from importlib.resources import as_file, files
from threading import Lock
from typing import Any

import orjson
import segno
import typst
from django.core.cache import caches

from levier.foundation.common.typography import french_spaces

KEPT = "documents"  # the cache: shared by the processes of one machine
A_WEEK = 7 * 24 * 3600
RIGHT_TO_LEFT = frozenset({"R", "AL"})
LEFT_TO_RIGHT = "L"
# What no line of ours holds, and where to cut it.
LONG_WORD = re.compile(r"[^\s\u200b]{25,}")
SHORTEST_PIECE = 60
PIECE = re.compile(r"[^\s]{8}")
BETWEEN = frozenset({"ul", "ol", "blockquote"})  # what stands between their blocks is layout
BLOCKS = {"p": "p", "h2": "title", "h3": "title", "li": "item", "blockquote": "quote"}

# One at a time in each process: setting takes a core and some memory, and a crowd asks at once.
_setting = Lock()


def typeset(template: str, data: Mapping[str, Any], *, tagged: bool = True) -> bytes:
    """The PDF of a template of `levier/typst/`, which reads `data` as JSON. Tagged, so that it can
    be read aloud; a pile for the printer is made twice as fast without."""
    with as_file(files("levier") / "typst") as folder:
        made = typst.compile(
            str(folder / template),
            root=str(folder),
            font_paths=_fonts(str(folder / "fonts")),
            ignore_system_fonts=True,
            sys_inputs={"data": orjson.dumps(data).decode()},
            pdf_tags=tagged,
        )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def typeset_alone(template: str, data: Mapping[str, Any]) -> bytes:
    """The same, one at a time and never kept: for what holds names, or is long."""
    with _setting:
        return typeset(template, data)


def kept_document(template: str, data: Mapping[str, Any], *, tagged: bool = True) -> bytes:
    """The same, set once for the same words and kept: whoever asks meanwhile waits for it."""
    return kept_file(template, data, lambda: typeset(template, data, tagged=tagged))


def kept_file(name: str, data: Mapping[str, Any], make: Callable[[], bytes]) -> bytes:
    """What `make` gives, made once for one name and data."""
    written = orjson.dumps([name, data], option=orjson.OPT_SORT_KEYS)
    key = hashlib.sha256(written).hexdigest()
    found: bytes | None = caches[KEPT].get(key)
    if found is not None:
        return found
    with _setting:
        found = caches[KEPT].get(key)
        if found is None:
            found = make()
            caches[KEPT].set(key, found, A_WEEK)
    return found


def breakable(text: str) -> str:
    """The same, where a word longer than a line may be cut: an address, a word nobody knows."""
    return LONG_WORD.sub(lambda found: PIECE.sub(lambda piece: f"{piece[0]}\u200b", found[0]), text)


def said(text: str) -> dict[str, str | bool]:
    """A text for a template: with French spaces, and the direction it is read in."""
    return {"text": breakable(french_spaces(text)), "rtl": _reads_right_to_left(text)}


def qr_code(address: str) -> str:
    """A QR code for a template, as SVG without margin; it still reads with a corner torn off."""
    drawn: str = segno.make(address, error="q", micro=False).svg_inline(
        dark="#26121f", light="#ffffff", border=0, omitsize=True
    )
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def blocks_of(html: str) -> list[dict[str, Any]]:
    """Clean HTML as blocks (paragraph, title, list item, quote) of runs, bold or italic or not."""
    reader = _Blocks()
    reader.feed(html)
    reader.close()
    return [block for block in reader.blocks if block["runs"]]


def shortened(blocks: Sequence[Mapping[str, Any]], length: int) -> list[dict[str, Any]]:
    """The first `length` characters or so, cut between two words; never a bare « … » alone."""
    left, kept = length, list[dict[str, Any]]()
    for block in blocks:
        if left < SHORTEST_PIECE:
            break
        runs = []
        for run in block["runs"]:
            text, room = run["text"], left
            left -= len(text)
            runs.append({**run, "text": text if left >= 0 else _cut(text, room)})
            if left <= 0:
                break
        kept.append({**block, "runs": runs})
    if kept and left >= 0 and len(kept) < len(blocks):
        last = kept[-1]["runs"][-1]
        last["text"] = f"{last['text'].rstrip(' .')}…"
    return kept


def _cut(text: str, length: int) -> str:
    return f"{text[:length].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"


def length_of(blocks: Sequence[Mapping[str, Any]]) -> int:
    """How many characters they hold."""
    return sum(len(run["text"]) for block in blocks for run in block["runs"])


@dataclass
class _Style:
    bold: int = 0
    italic: int = 0


class _Blocks(HTMLParser):
    """Reads what `html_cleaning` leaves."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[dict[str, Any]] = []
        self._style, self._quoted, self._between = _Style(), 0, False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "blockquote":
            self._quoted += 1
        self._between = tag in BETWEEN
        if tag in BLOCKS:
            kind = "quote" if self._quoted and tag == "p" else BLOCKS[tag]
            self.blocks.append({"kind": kind, "runs": [], "rtl": False})
        if tag == "br":
            self.handle_data("\n")
        self._style.bold += tag == "strong"
        self._style.italic += tag == "em"

    def handle_endtag(self, tag: str) -> None:
        self._quoted -= tag == "blockquote"
        self._between = self._between or tag in BLOCKS or tag in BETWEEN
        self._style.bold -= tag == "strong"
        self._style.italic -= tag == "em"

    def handle_data(self, data: str) -> None:
        if not self.blocks:
            self.blocks.append({"kind": "p", "runs": [], "rtl": False})
        block = self.blocks[-1]
        if not data.strip() and (self._between or not block["runs"]):
            return
        if not block["runs"]:
            block["rtl"] = _reads_right_to_left(data)
        run = {
            "text": breakable(french_spaces(data)),
            "bold": self._style.bold > 0,
            "italic": self._style.italic > 0,
        }
        block["runs"].append(run)


def _reads_right_to_left(text: str) -> bool:
    """By the first letter that has a direction, as the Unicode bidirectional algorithm does."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == LEFT_TO_RIGHT:
            return False
        if direction in RIGHT_TO_LEFT:
            return True
    return False


@cache
def _fonts(folder: str) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])
