"""A small DNS server on this machine (UDP), with the records a test gives it."""

import socketserver
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
from dns.rdatatype import RdataType

from levier.foundation.messaging.channels.dns import Resolver


class DnsServer:
    """`zone` is (name, kind) → records; any other name under a known one has no answer, and a name
    under `silent` gets a failure."""

    def __init__(
        self, zone: Mapping[tuple[str, str], Sequence[str]], silent: Sequence[str] = ()
    ) -> None:
        self.zone = {(name.lower(), kind): rows for (name, kind), rows in zone.items()}
        self.silent = silent
        self.asked: list[str] = []
        outer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data, socket = self.request
                socket.sendto(outer.answer(data), self.client_address)

        self._server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def resolver(self) -> Resolver:
        """Asks this server and no other."""
        found = dns.resolver.Resolver(configure=False)
        found.nameservers, found.port = ["127.0.0.1"], self._server.server_address[1]
        return Resolver(found)

    def answer(self, data: bytes) -> bytes:
        """One question, one answer."""
        query = dns.message.from_wire(data)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        rows = self.zone.get((name, RdataType.to_text(question.rdtype)))
        if any(name.endswith(end) for end in self.silent):
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif rows is not None:
            kind = RdataType.to_text(question.rdtype)
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *rows))
        elif not any(known == name or known.endswith(f".{name}") for known, _ in self.zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()
