"""Whether a POST comes from our own pages: other sites must not sign in a visitor's name."""

from functools import lru_cache
from urllib.parse import urlsplit

from levier.faces.public.front.asgi import Scope, header

OWN = frozenset({"same-origin", "none"})


def is_foreign(scope: Scope, base_url: str) -> bool:
    """Whether the browser says that another site is posting.

    `Sec-Fetch-Site` decides when there is one; else `Origin`, compared with our address and with
    the host asked for. A program sends neither, and is welcome: it holds nobody's cookie.
    """
    site = header(scope, b"sec-fetch-site")
    if site:
        return site not in OWN
    origin = header(scope, b"origin")
    if not origin or origin == base_url:
        return False
    return _host(origin) != header(scope, b"host").lower()


def is_foreign_page(scope: Scope) -> bool:
    """Whether the form stands on a page that is not ours, as far as `Referer` tells: what a frame
    of ours posts comes from the frame itself, wherever it is shown (P60)."""
    page = header(scope, b"referer")
    return bool(page) and _host(page) != header(scope, b"host").lower()


@lru_cache(maxsize=256)
def _host(origin: str) -> str | None:
    """The host and port of an origin; None for « null » and other oddities."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None
