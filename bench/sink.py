"""A mail server that takes everything after a while and keeps nothing:
`python -m bench.sink PORT`."""

import asyncio
import sys

import uvloop

LATENCY = 0.020  # seconds between the end of a message and its reply
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"


class Talk(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.pending, self.in_text = b"", False
        self.transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each command; a message once it is whole."""
        self.pending += data
        while self._message() if self.in_text else self._command():
            pass

    def _message(self) -> bool:
        empty = self.pending.startswith(b".\r\n")
        end = 3 if empty else self.pending.find(b"\r\n.\r\n") + 5
        if end < 5 and not empty:
            return False
        self.pending, self.in_text = self.pending[end:], False
        asyncio.get_running_loop().call_later(LATENCY, self._say, b"250 2.0.0 taken\r\n")
        return True

    def _command(self) -> bool:
        line, found, rest = self.pending.partition(b"\r\n")
        if not found:
            return False
        self.pending = rest
        verb = line[:4].upper()
        self.in_text = verb == b"DATA"
        self._say({b"EHLO": HELLO, b"DATA": b"354 go on\r\n"}.get(verb, b"250 OK\r\n"))
        return True

    def _say(self, words: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(words)


async def serve(port: int) -> None:
    """Until killed."""
    server = await asyncio.get_running_loop().create_server(Talk, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
