"""One kept page: its forms on the wire, its age, its tag."""

import gzip
import hashlib
import re
from dataclasses import dataclass, field
from functools import lru_cache

import brotli  # type: ignore[import-untyped]

from levier.faces.public.front.asgi import Headers, Scope, Send, Whole, header

REPLACED = frozenset({b"content-length", b"etag", b"vary", b"date", b"age"})
TEXTUAL = re.compile(rb"text/|application/(?:json|xml|atom|javascript)|image/svg")
SMALLEST = 400  # bytes under which encoding gains nothing
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
LONGEST = 1_048_576
STALE_WHILE_REVALIDATE, STALE_IF_ERROR = 10, 25  # seconds, where Django does not say

Lifetime = tuple[int, int, int]


@dataclass(slots=True)
class Form:
    """The page in one encoding: its headers but for the age, and its body."""

    headers: Headers
    body: bytes
    tag: bytes


@dataclass(slots=True)
class Kept:
    """A page as Django made it, and the forms of it that were asked for."""

    made_from: Whole
    at: float
    until: float
    stale_until: float
    error_until: float
    forms: dict[str, Form] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes it may take in memory: as made, and encoded twice."""
        return 2 * len(self.made_from.body) + 1_024

    async def send(self, scope: Scope, send: Send, encoding: str, now: float) -> None:
        """Answer a request with this page, or say that the visitor has it already."""
        form = self.forms.get(encoding)
        if form is None:
            form = self.forms[encoding] = self._form(encoding)
        headers, status, body = form.headers, 200, form.body
        if age := int(now - self.at):
            headers = [*headers, (b"age", b"%d" % age)]
        if form.tag in (known := header(scope, b"if-none-match").encode()) or known == b"*":
            headers = [pair for pair in headers if not pair[0].startswith(b"content-")]
            status, body = 304, b""
        elif scope["method"] == "HEAD":
            body = b""
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _form(self, encoding: str) -> Form:
        made = self.made_from
        kind = dict(made.headers).get(b"content-type", b"")
        if len(made.body) < SMALLEST or not TEXTUAL.match(kind):
            encoding = ""
        body = _encoded(made.body, encoding)
        tag = b'"%s%s"' % (hashlib.sha256(made.body).hexdigest()[:20].encode(), encoding.encode())
        headers = [pair for pair in made.headers if pair[0] not in REPLACED]
        vary = [value for name, value in made.headers if name == b"vary"]
        headers += [(b"content-length", b"%d" % len(body)), (b"etag", tag)]
        headers.append((b"vary", b", ".join([*vary, b"Accept-Encoding"])))
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        return Form(headers, body, tag)


def keep(made: Whole, seconds: Lifetime, now: float) -> Kept:
    """Keep a page for its lifetime, from now."""
    fresh, stale, error = seconds
    until = now + fresh
    return Kept(made, now, until, until + stale, until + max(error, stale))


def lifetime(made: Whole) -> Lifetime | None:
    """How long a page may be kept: fresh, then stale, then stale when Django fails.

    None when it may not: not a success, a cookie, different for each visitor, already encoded.
    """
    headers: dict[bytes, bytes] = {}
    for name, value in made.headers:
        headers[name] = headers[name] + b", " + value if name in headers else value
    control = headers.get(b"cache-control", b"").decode("latin-1")
    age = _seconds(control, "max-age")
    if made.status != 200 or len(made.body) > LONGEST or not age or "public" not in control:
        return None
    if b"set-cookie" in headers or b"content-encoding" in headers:
        return None
    if b"cookie" in headers.get(b"vary", b"").lower() or headers.get(b"vary") == b"*":
        return None
    stale = _seconds(control, "stale-while-revalidate", STALE_WHILE_REVALIDATE)
    return age, stale, _seconds(control, "stale-if-error", STALE_IF_ERROR)


def _seconds(control: str, name: str, otherwise: int = 0) -> int:
    found = re.search(rf"(?<![-\w]){name}=(\d+)", control)
    return int(found[1]) if found else otherwise


@lru_cache(maxsize=512)
def wanted_encoding(accepted: str) -> str:
    """`br` before `gzip` before nothing, as far as the visitor takes them."""
    taken = {
        part.partition(";")[0].strip()
        for part in accepted.lower().split(",")
        if not re.search(r";\s*q=0(?:\.0*)?\s*$", part)
    }
    return next((encoding for encoding in ("br", "gzip") if encoding in taken), "")


def _encoded(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, quality=BROTLI_QUALITY))
    return gzip.compress(body, GZIP_LEVEL, mtime=0) if encoding == "gzip" else body
