"""Names of sites: those that may show a petition's form in a frame, and the one that does (P60)."""

import re
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from levier.gathering.petitions.models.embed_site import ORIGIN_LENGTH

SITE_LENGTH = 60  # as kept with the signature, in `source_code`
_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_SCHEMES = {"https": 443, "http": 80}
ANY = "*."
#: Colours of the frame whose contrast is checked in both schemes (tests/faces/public).
ACCENTS = {
    "aubergine": _("aubergine"),
    "bleu": _("bleu"),
    "vert": _("vert"),
    "brique": _("brique"),
    "encre": _("encre"),
}
GROUNDS = {"auto": _("comme l’appareil"), "clair": _("clair"), "sombre": _("sombre")}


def site_origin(typed: str) -> str:
    """The origin somebody means by « exemple.fr », « *.exemple.fr » or the address of a page:
    scheme, host, port; nothing after. Raises ValueError."""
    text = typed.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    host = (parts.hostname or "").removeprefix(ANY)
    starred = (parts.hostname or "").startswith(ANY)
    if parts.scheme not in _SCHEMES or parts.username is not None or not host:
        raise ValueError(typed)
    name = _plain(host)
    if not _HOST.fullmatch(name) or (starred and "." not in name):
        raise ValueError(typed)
    port = parts.port
    shown = "" if port in (None, _SCHEMES[parts.scheme]) else f":{port}"
    origin = f"{parts.scheme}://{ANY if starred else ''}{name}{shown}"
    if len(origin) > ORIGIN_LENGTH:
        raise ValueError(typed)
    return origin


def site_name(told: object) -> str:
    """The host and port of a site, as a code names it or a browser tells its origin; empty for
    what no browser would say."""
    if not isinstance(told, str) or not told or len(told) > ORIGIN_LENGTH:
        return ""
    try:
        origin = site_origin(told)
    except ValueError:
        return ""
    name = origin.partition("://")[2]
    return "" if name.startswith(ANY) or len(name) > SITE_LENGTH else name


def is_allowed(site: str, origins: Collection[str]) -> bool:
    """Whether a site is one of those listed; without a list, any is."""
    if not origins:
        return True
    return any(_covers(origin.partition("://")[2], site) for origin in origins)


def frame_ancestors(origins: Iterable[str]) -> list[str]:
    """The sources of the header by which browsers keep the list (CSP 3, `frame-ancestors`)."""
    listed = sorted(origins)
    return ["'self'", *listed] if listed else ["*"]


def _covers(listed: str, site: str) -> bool:
    if listed.startswith(ANY):
        return site.endswith(listed[1:]) and site != listed[1:]
    return site == listed


def _plain(host: str) -> str:
    """« vélo.example » as the network writes it. Raises ValueError."""
    return host.lower().rstrip(".").encode("idna").decode() if not host.isascii() else host.lower()
