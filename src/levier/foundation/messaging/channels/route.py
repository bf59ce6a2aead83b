"""Where mail is handed over: what `LEVIER_EMAIL_URL` says."""

import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from levier.foundation.messaging.rules.addresses import site_host

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


@dataclass(frozen=True, kw_only=True)
class Route:
    """A server that takes our mail, and how to speak to it."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    implicit_tls: bool = False  # smtps://
    start_tls: bool = False  # smtp+tls://, required
    helo: str = "localhost"
    timeout: float = 30.0  # seconds for one reply
    final_timeout: float = 120.0  # seconds for the reply to the final dot
    ca_file: str | None = None  # None: the system's authorities

    @property
    def name(self) -> str:
        """What the route is known by, without its secrets."""
        return f"{self.host}:{self.port}"

    def tls(self) -> ssl.SSLContext:
        """Certificates and names are checked."""
        return ssl.create_default_context(cafile=self.ca_file)


def route_from(url: str) -> Route:
    """The route an address describes: smtp://, smtp+tls:// or smtps://, with user:password."""
    parts = urlsplit(url)
    return Route(
        host=parts.hostname or "localhost",
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        implicit_tls=parts.scheme == "smtps",
        start_tls=parts.scheme == "smtp+tls",
        helo=_greeting(site_host()),
    )


def _greeting(host: str) -> str:
    """Who we say we are: a name, or an address in brackets (RFC 5321 4.1.3)."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return f"[IPv6:{host}]" if address.version == 6 else f"[{host}]"
