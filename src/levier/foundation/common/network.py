"""Where a request comes from, told the same way whatever the spelling (P66)."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

IPV6_PREFIX = 64  # what one home or one telephone is given: inside it addresses change at will
UNKNOWN = ""


@lru_cache(maxsize=20_000)
def canonical_network(address: str) -> str:
    """One spelling per subscriber: an IPv4 address, mapped or not, or an IPv6 /64.

    Empty when the text is no address (a Unix socket, a forged header).
    """
    try:
        found = ip_address(address.strip().strip("[]").partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv6Address):
        return str(ip_network((found, IPV6_PREFIX), strict=False))
    return str(found)


def client_network(peer: str, forwarded_for: str, trusted: Sequence[str]) -> str:
    """The canonical network of whoever asks.

    `forwarded_for` is believed only from a trusted proxy, and read from the right: the first
    address that no trusted proxy owns is the client; what stands left of it may be forged. When
    that is no address (« unknown »), the proxy itself is counted: nobody escapes by being unread.
    """
    if not trusted or not forwarded_for or not _is_trusted(peer, tuple(trusted)):
        return canonical_network(peer)
    for hop in reversed(forwarded_for.split(",")):
        if not _is_trusted(hop.strip(), tuple(trusted)):
            return canonical_network(_without_port(hop.strip())) or canonical_network(peer)
    return canonical_network(peer)


def _without_port(hop: str) -> str:
    """Some proxies write « 203.0.113.7:4711 » or « [2001:db8::1]:4711 »."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


@lru_cache(maxsize=2_000)
def _is_trusted(address: str, trusted: tuple[str, ...]) -> bool:
    try:
        found = ip_address(_without_port(address))
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in _networks(trusted))


@lru_cache(maxsize=8)
def _networks(trusted: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(network, strict=False) for network in trusted)
