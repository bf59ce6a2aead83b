"""What a page of the press says of itself: its title, its name, its day, its picture.

A proposal to whoever adds the link, who may change every word. Nothing is believed: texts are cut
and cleaned, the picture is decoded and written again, and kept here.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urljoin

from charset_normalizer import from_bytes

from levier.foundation.common.images import MAX_BYTES, NotAnImage, store_image
from levier.foundation.common.safe_http import Allowed, Fetched, fetch, host_of, is_public
from levier.foundation.common.safe_http import Unreachable as Unreachable
from levier.gathering.petitions.models.press_link import OUTLET_LENGTH, PRESS_TITLE_LENGTH

PAGES = frozenset({"text/html", "application/xhtml+xml"})
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
DAY_NAMES = ("article:published_time", "date", "dc.date", "datepublished")
LONGEST = 2_000  # of anything a page says in one place
IN_PAGE = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{3,20})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What could be written; anything may be empty."""

    title: str
    outlet: str
    day: date | None
    image: str  # a path in the media


def read_press_page(
    address: str, *, allowed: Allowed = is_public, any_port: bool = False
) -> Proposal:
    """Read the page at an address. Raises Unreachable; a picture that cannot be read is no
    error. `allowed` and `any_port` are for tests."""
    page = fetch(address, kinds=PAGES, allowed=allowed, any_port=any_port)
    reader = _Reader()
    with suppress(AssertionError):  # markup that the parser gives up on
        reader.feed(_decoded(page))
    said = reader.said
    return Proposal(
        title=_line(said.get("og:title") or reader.title, PRESS_TITLE_LENGTH),
        outlet=_line(said.get("og:site_name") or _site(page.address), OUTLET_LENGTH),
        day=next((day for name in DAY_NAMES if (day := _day(said.get(name, "")))), None),
        image=_picture(page.address, said.get("og:image", ""), allowed, any_port),
    )


class _Reader(HTMLParser):
    """The `<title>` and the `<meta>` of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.said = "", dict[str, str]()
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title" and not self.title
        if tag == "meta":
            given = {name: value or "" for name, value in attrs}
            name = given.get("property") or given.get("name") or given.get("itemprop", "")
            self.said.setdefault(name.lower()[:100], given.get("content", "")[:LONGEST])

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title = (self.title + data)[:LONGEST]


def _decoded(page: Fetched) -> str:
    told = IN_PAGE.search(page.content[:4_096])
    for charset in (page.charset, told[1].decode("ascii") if told else "", "utf-8"):
        with suppress(LookupError, UnicodeDecodeError):
            if charset:
                return page.content.decode(charset)
    best = from_bytes(page.content[:65_536]).best()
    return page.content.decode(best.encoding if best else "cp1252", errors="replace")


def _line(text: str, length: int) -> str:
    """One line of plain words, cut between two of them."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(words) <= length:
        return words
    return f"{words[: length - 1].rsplit(' ', 1)[0]}…"


def _site(address: str) -> str:
    return host_of(address).removeprefix("www.")


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return datetime.fromisoformat(text.strip()).date()
    with suppress(ValueError):
        return date.fromisoformat(text.strip()[:10])
    return None


def _picture(page: str, told: str, allowed: Allowed, any_port: bool) -> str:
    """The path of our copy; empty when there is none, or none that can be had."""
    if not told:
        return ""
    try:
        found = fetch(
            urljoin(page, told),
            kinds=PICTURES,
            most_bytes=MAX_BYTES,
            allowed=allowed,
            any_port=any_port,
        )
        return store_image(BytesIO(found.content))
    except (Unreachable, NotAnImage, ValueError):
        return ""
