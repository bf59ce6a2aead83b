"""Reading a page as its reader does."""

import re
from html import unescape
from html.parser import HTMLParser

from django.http.response import HttpResponseBase


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, dict[str, str | None]] = {}
        self.links: list[str] = []
        self.loaded: list[str] = []  # what the browser fetches by itself, pictures aside
        self.ids: list[str] = []
        self.styled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.styled = self.styled or tag == "style" or "style" in found
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag in {"input", "select", "textarea"} and found.get("name"):
            self.fields[str(found["name"])] = found
        if tag == "script" and found.get("src"):
            self.loaded.append(str(found["src"]))
        if tag == "link" and found.get("rel") in {"icon", "stylesheet"}:
            self.loaded.append(str(found["href"]))
        if tag != "link" and found.get("href"):
            self.links.append(str(found["href"]))


def html(response: HttpResponseBase) -> str:
    """The page's source, entities resolved."""
    return unescape(response.content.decode())  # type: ignore[attr-defined]


def words(response: HttpResponseBase) -> str:
    """What is read on the page: no tag, any space as one ordinary space."""
    body = re.sub(r"(?s)<(script|svg)\b.*?</\1>", "", response.content.decode())  # type: ignore[attr-defined]
    body = re.sub(r"</?(?:sup|strong|span|a|em|b)\b[^>]*>", "", body)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def parts(response: HttpResponseBase) -> _Page:
    """Fields by name, links and ids of the page."""
    page = _Page()
    page.feed(response.content.decode())  # type: ignore[attr-defined]
    return page
