"""Public pages, kept for the few seconds that Django allows, and served without it (P42).

Only what Django marks `Cache-Control: public, max-age=…` is kept, without cookie on either side:
one rendering serves every reader. An old rendering serves while the next is made, and longer when
it cannot be made (RFC 5861). One rendering at a time for each page.
"""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

import structlog

from levier.faces.public.front.asgi import (
    Application,
    Event,
    Receive,
    Scope,
    Send,
    Whole,
    header,
    no_body,
)
from levier.faces.public.front.kept import Kept, keep, lifetime, wanted_encoding

KEPT_PATHS = re.compile(
    r"/(?:petitions/[-\w]+/"
    r"(?:compteur\.json|decompte/|[a-z]{2,3}/|mises-a-jour/(?:\d{1,9}/|flux\.atom)?)?"
    r"|integrer/(?:v1\.js|[-\w]+/))?"
)
# What a kept page may depend on.
KNOWN = frozenset({"q", "ref", "theme", "par", "site", "accent", "fond"})
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid|_hs\w+")
MOST_BYTES = 16_777_216
MOST_PAGES = 500
LONGEST_QUERY = 200
PATIENCE = 1.0  # seconds for a new rendering when an old one could be shown
SAFE = ("GET", "HEAD")
ASKED = frozenset({b"host", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-for"})

Key = tuple[str, str, str]
log = structlog.get_logger(__name__)


class PageCache:
    """ASGI in front of `inside`: answers kept pages, passes everything else on."""

    def __init__(self, inside: Application, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._inside, self._clock = inside, clock
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0
        self._making: dict[Key, asyncio.Task[Whole]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        key = self._key(scope)
        if key is None:
            await self._inside(scope, receive, send)
            return
        now = self._clock()
        known = self._pages.get(key)
        fresh = known is not None and now < known.until
        page = known if fresh else await self._renewed(key, known, scope, now)
        if isinstance(page, Kept):
            await page.send(scope, send, wanted_encoding(header(scope, b"accept-encoding")), now)
        elif page is None or header(scope, b"cookie"):
            await self._inside(scope, receive, send)
        else:
            await _pass_on(page, scope, send)

    async def _renewed(
        self, key: Key, page: Kept | None, scope: Scope, now: float
    ) -> Kept | Whole | None:
        """The page to show now; what Django said when it may not be kept; None to ask it again."""
        alone = key not in self._making
        task = self._make(key, scope)
        if page is not None and now < page.stale_until:
            return page
        spare = page if page is not None and now < page.error_until else None
        try:
            made = await asyncio.wait_for(asyncio.shield(task), PATIENCE if spare else None)
        except TimeoutError:
            return spare
        if made.status >= 500 and spare is not None:
            return spare
        if (kept := self._pages.get(key)) is not None and kept.made_from is made:
            return kept
        is_own = any(name == b"set-cookie" for name, _value in made.headers)
        return made if alone or not is_own else None

    def _make(self, key: Key, scope: Scope) -> asyncio.Task[Whole]:
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.create_task(self._render(key, scope))
            task.add_done_callback(lambda _done: self._making.pop(key, None))
        return task

    async def _render(self, key: Key, scope: Scope) -> Whole:
        """Ask Django as a visitor without history would; keep the answer if it says so."""
        path, query, _host = key
        inside = {
            **scope,
            "method": "GET",
            "query_string": query.encode(),
            "headers": [pair for pair in scope["headers"] if pair[0] in ASKED],
        }
        collected = _Collector()
        try:
            await self._inside(inside, no_body(), collected)
        except Exception:
            log.exception("front.page.failed", path=path)
            return Whole(500, [(b"content-type", b"text/plain; charset=utf-8")], b"")
        made = collected.whole()
        if (seconds := lifetime(made)) is not None:
            self._keep(key, keep(made, seconds, self._clock()))
        return made

    def _keep(self, key: Key, page: Kept) -> None:
        if (old := self._pages.pop(key, None)) is not None:
            self._bytes -= old.size
        self._pages[key] = page
        self._bytes += page.size
        while self._bytes > MOST_BYTES or len(self._pages) > MOST_PAGES:
            _key, dropped = self._pages.popitem(last=False)
            self._bytes -= dropped.size

    @staticmethod
    def _key(scope: Scope) -> Key | None:
        """What tells one kept page from another; None when the request is not for one."""
        if scope["method"] not in SAFE or not KEPT_PATHS.fullmatch(scope["path"]):
            return None
        query = _known_query(scope["query_string"]) if scope["query_string"] else ""
        return None if query is None else (scope["path"], query, header(scope, b"host"))


def _known_query(raw: bytes) -> str | None:
    """The query without what trackers add to links; None when the page is not a kept one."""
    if len(raw) > LONGEST_QUERY:
        return None
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True)
    except ValueError:
        return None
    own = [(name, value) for name, value in pairs if not TRACKING.fullmatch(name)]
    return urlencode(sorted(own)) if all(name in KNOWN for name, _value in own) else None


class _Collector:
    """An ASGI `send` that keeps what is sent."""

    def __init__(self) -> None:
        self._start: Event = {"status": 500, "headers": []}
        self._pieces: list[bytes] = []

    async def __call__(self, event: Event) -> None:
        if event["type"] == "http.response.start":
            self._start = event
        else:
            self._pieces.append(event.get("body", b""))

    def whole(self) -> Whole:
        headers = [(bytes(name).lower(), bytes(value)) for name, value in self._start["headers"]]
        return Whole(self._start["status"], headers, b"".join(self._pieces))


async def _pass_on(answer: Whole, scope: Scope, send: Send) -> None:
    body = b"" if scope["method"] == "HEAD" else answer.body
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})
