"""The DNS, asked with dnspython."""

from collections.abc import Callable
from functools import cached_property
from ipaddress import ip_address

import dns.exception
import dns.resolver
import dns.reversename
from dns.rdatatype import RdataType

from levier.foundation.messaging.rules.preflight.dns import DnsSilent

PATIENCE = 5.0  # seconds for one question
MOST_ANSWERS = 20
NOTHING = (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer)


class Resolver:
    """Answers from the machine's own resolver, or from the one that is given."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._given = resolver

    @cached_property
    def _resolver(self) -> dns.resolver.Resolver:
        try:
            found = self._given or dns.resolver.Resolver()
        except dns.resolver.NoResolverConfiguration as error:
            raise DnsSilent("resolv.conf") from error
        found.lifetime = PATIENCE
        return found

    def exists(self, name: str) -> bool:
        """Whether there is such a name, with whatever it holds."""
        try:
            self._resolver.resolve(name, RdataType.SOA, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return False
        except (dns.exception.DNSException, OSError) as error:
            raise DnsSilent(name) from error
        return True

    def texts(self, name: str) -> list[str]:
        """TXT records, their pieces joined."""
        return self._ask(
            name, RdataType.TXT, lambda row: b"".join(row.strings).decode("utf-8", "replace")
        )

    def mail_servers(self, name: str) -> list[str]:
        """MX records, best first; « . » for a domain that says it takes no mail."""
        rows = self._ask(name, RdataType.MX, lambda row: f"{row.preference:05} {row.exchange}")
        return [row.partition(" ")[2] for row in sorted(rows)]

    def addresses(self, name: str) -> list[str]:
        """IPv4 then IPv6; an address is its own."""
        try:
            return [str(ip_address(name))]
        except ValueError:
            kinds = (RdataType.A, RdataType.AAAA)
            return [one for kind in kinds for one in self._ask(name, kind, lambda row: row.address)]

    def names(self, address: str) -> list[str]:
        """PTR records."""
        reverse = str(dns.reversename.from_address(address))
        return self._ask(reverse, RdataType.PTR, lambda row: str(row.target).rstrip("."))

    def _ask(self, name: str, kind: RdataType, read: Callable[..., str]) -> list[str]:
        try:
            answer = self._resolver.resolve(name, kind)
        except NOTHING:
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise DnsSilent(name) from error
        return [read(row) for row in answer][:MOST_ANSWERS]
