"""A mail server for a great many mails: it keeps who got one, how often, and few of the texts."""

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

RECIPIENT = re.compile(rb"RCPT TO:<([^>]*)>", re.IGNORECASE)
END = b"\r\n.\r\n"
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"


class CountingSink:
    """Listens on a port of its own, in a thread of its own. `keeps` says whose texts are kept."""

    def __init__(self, keeps: Callable[[str], bool]) -> None:
        self.keeps = keeps
        self.received: Counter[str] = Counter()
        self.kept: list[tuple[str, bytes]] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "CountingSink":
        self._thread.start()
        serving = self._loop.create_server(lambda: _Talk(self), "127.0.0.1", 0)
        server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(5)
        self.port = server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Those kept for one address, the oldest first."""
        return [
            message_from_bytes(raw, policy=policy.default)
            for recipient, raw in list(self.kept)
            if recipient == address
        ]


class _Talk(asyncio.Protocol):
    def __init__(self, sink: CountingSink) -> None:
        self.sink, self.buffer, self.recipient, self.in_text = sink, b"", "", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._text() if self.in_text else self._command():
            pass

    def _text(self) -> bool:
        text, found, rest = self.buffer.partition(END)
        if not found:
            return False
        self.buffer, self.in_text = rest, False
        self.sink.received[self.recipient] += 1
        if self.sink.keeps(self.recipient):
            self.sink.kept.append((self.recipient, text.replace(b"\r\n..", b"\r\n.")))
        self.transport.write(b"250 2.0.0 kept\r\n")
        return True

    def _command(self) -> bool:
        line, found, rest = self.buffer.partition(b"\r\n")
        if not found:
            return False
        self.buffer, verb = rest, line[:4].upper()
        if named := RECIPIENT.match(line):
            self.recipient = named[1].decode()
        self.in_text = verb == b"DATA"
        answers = {b"EHLO": HELLO, b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
        self.transport.write(answers.get(verb, b"250 2.0.0 fine\r\n"))
        if verb == b"QUIT":
            self.transport.close()
        return True
