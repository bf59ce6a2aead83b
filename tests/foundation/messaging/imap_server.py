"""A small IMAP server (RFC 3501, UIDPLUS) on this machine, with the mails a test puts in it."""

import re
import socketserver
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass
class Kept:
    """A mail and its flags."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


class ImapServer:
    """`mails` is what the folder holds; `refuse` makes signing in fail."""

    def __init__(self, *mails: bytes, refuse: bool = False, uidplus: bool = True) -> None:
        self.mails = [Kept(n + 1, raw) for n, raw in enumerate(mails)]
        self.refuse, self.uidplus = refuse, uidplus
        self.cut_after: str | None = None  # closes the connection after this command
        self.signed_in: list[str] = []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                outer.serve(self)

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

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

    def serve(self, handler: socketserver.StreamRequestHandler) -> None:
        """One connection, until it signs out or is cut."""

        def say(line: str, raw: bytes = b"") -> None:
            handler.wfile.write(line.encode() + raw + b"\r\n")

        say("* OK ready")
        while line := handler.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            command = rest.upper()
            if self.cut_after is not None and command.startswith(self.cut_after):
                return
            ended = self._answer(rest, command, say)
            say(f"{tag} {ended}")
            if command.startswith("LOGOUT"):
                return

    def _answer(self, rest: str, command: str, say: object) -> str:
        assert callable(say)
        if command.startswith("CAPABILITY"):
            say(f"* CAPABILITY IMAP4rev1{' UIDPLUS' if self.uidplus else ''}")
        elif command.startswith("LOGIN"):
            self.signed_in.append(rest)
            return "NO wrong password" if self.refuse else "OK welcome"
        elif command.startswith("SELECT"):
            say(f"* {len(self.mails)} EXISTS")
        elif command.startswith("UID SEARCH"):
            unread = [str(kept.uid) for kept in self.mails if not kept.flags]
            say(f"* SEARCH {' '.join(unread)}")
        elif found := re.match(r"UID (FETCH|STORE|EXPUNGE) (\d+) ?(.*)", rest, re.IGNORECASE):
            self._of_one(found[1].upper(), int(found[2]), found[3], say)
        return "OK done"

    def _of_one(self, verb: str, uid: int, rest: str, say: object) -> None:
        assert callable(say)
        kept = next((one for one in self.mails if one.uid == uid), None)
        if kept is None:
            return
        if verb == "FETCH":
            head = f"* {uid} FETCH (UID {uid} BODY[] {{{len(kept.raw)}}}\r\n"
            say(head, kept.raw + b")")
        elif verb == "STORE":
            kept.flags |= set(re.findall(r"\\\w+", rest))
        elif r"\Deleted" in kept.flags:
            self.mails.remove(kept)
