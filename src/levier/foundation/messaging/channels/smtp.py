"""A small SMTP client (RFC 5321) that keeps its connection and groups its commands (RFC 2920)."""

import asyncio
import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from levier.foundation.messaging.channels.route import Route
from levier.foundation.messaging.errors import AddressRefused
from levier.foundation.messaging.rules.replies import Reply, Stage

LONGEST_LINE = 8_192
LONGEST_REPLY = 100  # lines
CLOSING = 421


class RouteDown(Exception):
    """The server cannot be reached, or does not want us: nothing was sent."""


class ConnectionLost(Exception):
    """The connection ended. `after_content`: the message may have been taken, or not."""

    def __init__(self, reason: str, *, after_content: bool) -> None:
        super().__init__(reason)
        self.after_content = after_content


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One message to one address, ready for the wire."""

    sender: str
    recipient: str
    content: bytes  # CRLF line ends
    needs_utf8: bool = False
    eight_bit: bool = False


class Answer(NamedTuple):
    """Where the exchange ended, and on what reply."""

    stage: Stage
    reply: Reply


class SmtpConnection:
    """One kept connection. Not shared between tasks."""

    def __init__(
        self, route: Route, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.route = route
        self.sent = 0  # messages taken on this connection
        self.open = True
        self.extensions: dict[str, str] = {}
        self._reader = reader
        self._writer = writer
        self._dirty = False  # an envelope was begun and not ended

    @classmethod
    async def connect(cls, route: Route) -> "SmtpConnection":
        """Connect, greet, secure and identify. Raises RouteDown with the reason."""
        try:
            async with asyncio.timeout(route.timeout):
                reader, writer = await asyncio.open_connection(
                    route.host,
                    route.port,
                    ssl=route.tls() if route.implicit_tls else None,
                    limit=LONGEST_LINE,
                )
        except OSError as error:  # TimeoutError and SSLError are OSErrors
            raise RouteDown(f"{route.host}:{route.port}: {str(error) or 'timeout'}") from error
        connection = cls(route, reader, writer)
        try:
            await connection._introduce()
        except (ConnectionLost, OSError) as error:
            connection.abort()
            raise RouteDown(f"{route.host}:{route.port}: {error}") from error
        except BaseException:
            connection.abort()
            raise
        return connection

    def offers(self, extension: str) -> bool:
        """Whether the server's EHLO named it."""
        return extension in self.extensions

    async def submit(
        self, envelope: Envelope, *, begun: Callable[[], None] | None = None
    ) -> Answer:
        """Hand one message over; `begun` is called when its text is about to leave.

        Raises ConnectionLost when the connection ends before the last reply, and AddressRefused
        when the address needs what the server does not offer.
        """
        if envelope.needs_utf8 and not self.offers("SMTPUTF8"):
            raise AddressRefused(envelope.recipient)
        answer = await self._announce(envelope)
        if answer.reply.code != 354:
            self._dirty = True
            return self._closing(answer)
        content = _stuffed(envelope.content)
        if begun is not None:
            begun()
        try:
            self._writer.write(content)
            await self._writer.drain()
            reply = await self._read(self.route.final_timeout)
        except (OSError, ConnectionLost) as error:
            self.abort()
            raise ConnectionLost(str(error), after_content=True) from error
        self.sent += reply.code < 400
        return self._closing(Answer(Stage.CONTENT, reply))

    async def quit(self) -> None:
        """Leave politely, without waiting long."""
        if self.open:
            try:
                self._writer.write(b"QUIT\r\n")
                await self._read(1.0)
            except (OSError, ConnectionLost):
                pass
        self.abort()

    def abort(self) -> None:
        """Leave at once."""
        self.open = False
        self._writer.close()

    def stale(self) -> bool:
        """Whether the server has already closed its side."""
        return not self.open or self._reader.at_eof() or self._writer.is_closing()

    def _closing(self, answer: Answer) -> Answer:
        if answer.reply.code == CLOSING:
            self.abort()
        return answer

    async def _announce(self, envelope: Envelope) -> Answer:
        """MAIL, RCPT and DATA: in one group when the server takes groups, else one by one."""
        utf8 = " SMTPUTF8" if envelope.needs_utf8 else ""
        body = " BODY=8BITMIME" if envelope.eight_bit else ""
        commands = [
            (Stage.MAIL, f"MAIL FROM:<{envelope.sender}>{body}{utf8}"),
            (Stage.RCPT, f"RCPT TO:<{envelope.recipient}>"),
            (Stage.DATA, "DATA"),
        ]
        grouped = self.offers("PIPELINING")
        if self._dirty and not grouped:
            await self._command("RSET")
        answer = await (self._grouped if grouped else self._in_turn)(commands)
        self._dirty = False
        return answer

    async def _in_turn(self, commands: list[tuple[Stage, str]]) -> Answer:
        for stage, command in commands:
            answer = Answer(stage, await self._command(command))
            if answer.reply.code >= 400:
                break
        return answer

    async def _grouped(self, commands: list[tuple[Stage, str]]) -> Answer:
        lines = [command for _, command in commands]
        self._write([*(["RSET"] if self._dirty else []), *lines])
        if self._dirty:
            await self._read(self.route.timeout)
        answers = []
        for stage, _ in commands:
            answers.append(Answer(stage, await self._read(self.route.timeout)))
            if answers[-1].reply.code == CLOSING:
                return answers[-1]
        refused = next((answer for answer in answers if answer.reply.code >= 400), None)
        if refused is not None and answers[-1].reply.code == 354:
            await self._command(".")  # RFC 2920 3.1: an empty message, for nobody
        return refused or answers[-1]

    async def _introduce(self) -> None:
        _expect(await self._read(self.route.timeout), 220)
        await self._greet()
        if self.route.start_tls:
            await self._secure()
            await self._greet()
        if self.route.user:
            await self._identify()

    async def _greet(self) -> None:
        reply = await self._command(f"EHLO {self.route.helo}")
        if reply.code >= 500:
            reply = await self._command(f"HELO {self.route.helo}")
            self.extensions = {}
        else:
            words = (line.partition(" ") for line in reply.text.split("\n")[1:])
            self.extensions = {word.upper(): rest.upper() for word, _, rest in words}
        _expect(reply, 250)

    async def _secure(self) -> None:
        if not self.offers("STARTTLS"):
            raise ConnectionLost("STARTTLS is not offered", after_content=False)
        _expect(await self._command("STARTTLS"), 220)
        if getattr(self._reader, "_buffer", b""):  # said in clear after its last clear word
            raise ConnectionLost("text injected before TLS", after_content=False)
        async with asyncio.timeout(self.route.timeout):
            await self._writer.start_tls(self.route.tls(), server_hostname=self.route.host)

    async def _identify(self) -> None:
        user, password = self.route.user, self.route.password
        if "PLAIN" in self.extensions.get("AUTH", "").split():
            secret = _b64(f"\0{user}\0{password}")
            _expect(await self._command(f"AUTH PLAIN {secret}"), 235)
            return
        _expect(await self._command("AUTH LOGIN"), 334)
        _expect(await self._command(_b64(user)), 334)
        _expect(await self._command(_b64(password)), 235)

    async def _command(self, line: str) -> Reply:
        self._write([line])
        return await self._read(self.route.timeout)

    def _write(self, lines: list[str]) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())

    async def _read(self, patience: float) -> Reply:
        """One reply. Raises ConnectionLost when it does not come whole."""
        texts: list[str] = []
        try:
            async with asyncio.timeout(patience):
                while len(texts) < LONGEST_REPLY:
                    line = await self._reader.readline()
                    if not line.endswith(b"\n") or not line[:3].isdigit():
                        break
                    texts.append(line[4:].decode(errors="replace").strip())
                    if line[3:4] != b"-":
                        return Reply(int(line[:3]), "\n".join(texts))
        except (OSError, ValueError) as error:  # ValueError: a line longer than the limit
            self.abort()
            raise ConnectionLost(str(error) or "timeout", after_content=False) from error
        self.abort()
        raise ConnectionLost("closed by the server", after_content=False)


def _expect(reply: Reply, code: int) -> None:
    if reply.code != code:
        raise ConnectionLost(f"unexpected reply: {reply}", after_content=False)


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _stuffed(content: bytes) -> bytes:
    """Lines that begin with a dot get another (RFC 5321 4.5.2), and the final dot follows."""
    end = b"" if content.endswith(b"\r\n") else b"\r\n"
    if not content.startswith(b".") and b"\n." not in content:
        return content + end + b".\r\n"
    return re.sub(rb"(?m)^\.", b"..", content) + end + b".\r\n"
