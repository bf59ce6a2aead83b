"""Reading a public page or picture whose address somebody typed, without lending our network.

Only public addresses are reached: every host is resolved by us, all its addresses are checked, and
the connection goes to the address that was checked, so that a name cannot change its mind between
the two. Each redirection is checked the same way. Size and time are limited for the whole, whatever
the server does. (OWASP, « Server-Side Request Forgery Prevention ».)
"""

import asyncio
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urljoin, urlsplit

import httpx
from asgiref.sync import async_to_sync
from django.conf import settings

Address = IPv4Address | IPv6Address
Allowed = Callable[[Address], bool]

SECONDS = 8.0
PAGE_BYTES = 2 * 1024 * 1024
REDIRECTIONS = 4
LONGEST_ADDRESS = 2_000
PORTS = {"http": 80, "https": 443}
PIECE = 65_536
# Addresses that lead elsewhere by translation: what is inside them is checked instead, or refused.
NAT64 = ip_network("64:ff9b::/96")
TRANSLATED = (
    ip_network("64:ff9b:1::/48"),
    ip_network("2002::/16"),  # 6to4
    ip_network("2001::/32"),  # Teredo
)


class Unreachable(Exception):
    """The page cannot be read: no such host, no answer, an answer that is an error."""


class NotPublic(Unreachable):
    """The address leads, directly or by redirection, to something that is not the public web."""


class TooMuch(Unreachable):
    """Too heavy, or too slow."""


class WrongKind(Unreachable):
    """Not the kind of content that was asked for."""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What an address gave in the end."""

    address: str  # after redirections
    kind: str  # « text/html »
    charset: str  # as the server says; may be empty
    content: bytes


def is_public(address: Address) -> bool:
    """Whether an address is one of the public Internet's, whatever its spelling."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if any(address in network for network in TRANSLATED):
            return False
    return address.is_global and not address.is_multicast


def fetch(
    address: str,
    *,
    kinds: Collection[str],
    most_bytes: int = PAGE_BYTES,
    seconds: float = SECONDS,
    allowed: Allowed = is_public,
    any_port: bool = False,
) -> Fetched:
    """Read what is at an address. `kinds` are the content types accepted. Raises Unreachable.

    `allowed` and `any_port` say where one may go; only tests say otherwise than the default.
    """
    rules = _Rules(frozenset(kinds), most_bytes, allowed, any_port)
    return async_to_sync(_within)(address, rules, seconds)


@dataclass(frozen=True)
class _Rules:
    kinds: frozenset[str]
    most_bytes: int
    allowed: Allowed
    any_port: bool


async def _within(address: str, rules: _Rules, seconds: float) -> Fetched:
    """The clock runs for everything: name, connection, headers, body, redirections."""
    try:
        async with asyncio.timeout(seconds):
            return await _followed(address, rules)
    except TimeoutError as error:
        raise TooMuch from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError) as error:
        raise Unreachable from error


async def _followed(address: str, rules: _Rules) -> Fetched:
    # No environment: a proxy would reach what we may not. No cookies are kept between requests.
    async with httpx.AsyncClient(trust_env=False, timeout=SECONDS, headers=_headers()) as client:
        for _ in range(REDIRECTIONS + 1):
            request = await _request(client, address, rules)
            response = await client.send(request, stream=True)
            try:
                if response.has_redirect_location:
                    address = urljoin(address, response.headers["Location"])
                    client.cookies.clear()
                    continue
                return await _read(response, address, rules)
            finally:
                await response.aclose()
    raise Unreachable


async def _request(client: httpx.AsyncClient, address: str, rules: _Rules) -> httpx.Request:
    """The request to the checked IP address, that names the host as a browser would."""
    if len(address) > LONGEST_ADDRESS:
        raise Unreachable
    url = httpx.URL(address)
    if url.scheme not in PORTS or not url.host or url.userinfo:
        raise NotPublic
    port = url.port or PORTS[url.scheme]
    if not rules.any_port and port != PORTS[url.scheme]:
        raise NotPublic
    found = await _resolved(url.raw_host.decode("ascii"), port, rules.allowed)
    name = url.raw_host.decode("ascii")
    return client.build_request(
        "GET",
        url.copy_with(host=str(found), fragment=None),
        headers={"Host": url.netloc.decode("ascii")},
        extensions={"sni_hostname": name},
    )


async def _resolved(host: str, port: int, allowed: Allowed) -> Address:
    """An address of that host, all of them being allowed: one that is not tells a trap."""
    loop = asyncio.get_running_loop()
    told = await loop.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    found = [ip_address(str(info[4][0]).partition("%")[0]) for info in told]
    if not found:
        raise Unreachable
    if not all(allowed(address) for address in found):
        raise NotPublic
    return min(found, key=lambda address: address.version)  # IPv4 first: it is always routed


async def _read(response: httpx.Response, address: str, rules: _Rules) -> Fetched:
    """The body, as long as it is of a kind asked for and not too long."""
    if not response.is_success:
        raise Unreachable
    kind, _, rest = response.headers.get("Content-Type", "").partition(";")
    kind = kind.strip().lower()
    if (
        kind not in rules.kinds
        or response.headers.get("Content-Encoding", "identity") != "identity"
    ):
        raise WrongKind
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > rules.most_bytes:
        raise TooMuch
    content = bytearray()
    async for piece in response.aiter_raw(PIECE):
        content += piece
        if len(content) > rules.most_bytes:
            raise TooMuch
    charset = rest.lower().partition("charset=")[2].strip(" \"';")
    return Fetched(address=address, kind=kind, charset=charset, content=bytes(content))


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"Levier (+{settings.BASE_URL})",
        "Accept-Encoding": "identity",  # nothing to unfold: what is counted is what is kept
        "Accept-Language": "fr,en;q=0.5",
    }


def host_of(address: str) -> str:
    """« www.lemonde.fr » of an address; empty when there is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
