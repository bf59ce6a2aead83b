"""A mail server that does what a test tells it to: refuse, cut, wait, close, come back."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

OFFERED = ("PIPELINING", "8BITMIME", "SMTPUTF8")


@dataclass
class Script:
    """What to answer. Replies are by recipient, and by stage: "mail", "rcpt", "data", "dot"."""

    extensions: tuple[str, ...] = OFFERED
    replies: dict[tuple[str, str], str] = field(default_factory=dict)
    cut_after_dot: set[str] = field(default_factory=set)  # taken, and never said so; once each
    mails_per_connection: int = 1_000_000
    goodbye: str = ""  # said before closing; empty: just closes
    slow: float = 0.0  # seconds before the reply to the final dot
    hold: str = ""  # "data", "dot": says nothing at that stage until this changes
    reads: bool = True  # False: the messages themselves are not looked at
    once: dict[tuple[str, str], str] = field(default_factory=dict)  # as replies, one time each


class Server:
    """Listens on a port of its own, in a thread of its own."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or Script()
        self.port = 0
        self.taken: list[tuple[str, str, EmailMessage]] = []  # sender, recipient, message
        self.raw: list[bytes] = []
        self.connections = 0
        self.holding = 0  # connections that wait for a word
        self.groups: list[list[str]] = []  # commands that came in one packet
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def recipients(self) -> list[str]:
        return [recipient for _, recipient, _ in self.taken]

    def __enter__(self) -> "Server":
        self._thread.start()
        self.up()
        return self

    def __exit__(self, *error: object) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def up(self) -> None:
        async def start() -> None:
            self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

        self._wait(start())

    def down(self) -> None:
        async def stop() -> None:
            if self._server is not None:
                self._server.close()
                self._server = None
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        self._wait(stop())

    def _wait(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(5)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await Talk(self, reader, writer).run()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


class Talk:
    """One connection."""

    def __init__(
        self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.script = server, server.script
        self.reader, self.writer = reader, writer
        self.sender = self.recipient = ""
        self.refused = False
        self.count = 0

    async def run(self) -> None:
        self.say("220 test")
        pending = b""
        while chunk := await self.reader.read(65_536):
            pending += chunk
            *lines, pending = pending.split(b"\r\n")
            self.server.groups.append([line.decode().split(":")[0] for line in lines])
            while lines:
                line = lines.pop(0).decode()
                if line == "DATA" and not self.refused:
                    rest = b"\r\n".join([*(one for one in lines), pending])
                    left, lines = await self.data(rest), []
                    if left is None:
                        return
                    pending = left
                elif not self.command(line):
                    return
            await self.writer.drain()

    def say(self, text: str) -> None:
        self.writer.write(text.encode() + b"\r\n")

    def told(self, stage: str) -> str:
        once = self.script.once.pop((self.recipient, stage), "")
        return once or self.script.replies.get((self.recipient, stage), "")

    async def held(self, stage: str) -> None:
        self.server.holding += self.script.hold == stage
        try:
            while self.script.hold == stage:  # noqa: ASYNC110 - another thread changes it
                await asyncio.sleep(0.01)
        finally:
            self.server.holding = 0

    def command(self, line: str) -> bool:
        """Answer one command; False to close."""
        verb = line.split(" ")[0].upper()
        answers: dict[str, Callable[[], None]] = {
            "EHLO": lambda: self.say(
                "\r\n".join(f"250-{word}" for word in ("test", *self.script.extensions))
                + "\r\n250 OK"
            ),
            "MAIL": lambda: self.mail(line),
            "RCPT": lambda: self.rcpt(line),
            "DATA": lambda: self.say("503 5.5.1 no recipient"),
            "RSET": self.reset,
        }
        answers.get(verb, lambda: self.say("250 OK"))()
        return verb != "QUIT" and not getattr(self, "closing", False)

    def reset(self) -> None:
        self.refused = False
        self.say("250 reset")

    def mail(self, line: str) -> None:
        if self.count >= self.script.mails_per_connection:
            if self.script.goodbye:
                self.say(self.script.goodbye)
            self.closing = True
            return
        self.sender, self.refused = line.split("<")[1].split(">")[0], False
        refusal = self.script.replies.get(("*", "mail"), "")
        self.refused = bool(refusal)
        self.say(refusal or "250 2.1.0 OK")

    def rcpt(self, line: str) -> None:
        self.recipient = line.split("<")[1].split(">")[0]
        refusal = self.told("rcpt")
        self.closing = refusal.startswith("421")
        if self.refused:
            self.say("503 5.5.1 no sender")
        else:
            self.refused = bool(refusal)
            self.say(refusal or "250 2.1.5 OK")

    async def data(self, begun: bytes) -> bytes | None:
        """Take a message; what follows its final dot, or None to close."""
        await self.held("data")
        if refusal := self.told("data"):
            self.say(refusal)
            return begun
        self.say("354 go on")
        await self.writer.drain()
        content = begun
        while not (content == b".\r\n" or b"\r\n.\r\n" in content):
            chunk = await self.reader.read(65_536)
            if not chunk:
                return None
            content += chunk
        body, _, rest = content.partition(b"\r\n.\r\n")
        return await self.dot(body + b"\r\n", rest)

    async def dot(self, body: bytes, rest: bytes) -> bytes | None:
        await asyncio.sleep(self.script.slow)
        refusal = self.told("dot")
        if not refusal:
            clear = body.replace(b"\r\n..", b"\r\n.")
            message = message_from_bytes(clear if self.script.reads else b"", policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.server.raw.append(clear if self.script.reads else b"")
            self.server.taken.append((self.sender, self.recipient, message))
        if self.recipient in self.script.cut_after_dot:
            self.script.cut_after_dot.discard(self.recipient)
            return None
        await self.held("dot")
        self.count += 1
        self.say(refusal or "250 2.0.0 taken")
        return rest
