"""The mailbox where returns are collected, read by IMAP (RFC 9051) with Python's own client."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

PORTS = {"imaps": 993, "imap+tls": 143, "imap": 143}
PATIENCE = 30.0  # seconds for one answer
AT_ONCE = 200  # mails of one visit; the next visit takes the rest


class MailboxAway(Exception):
    """The mailbox cannot be reached, or does not want us."""


@dataclass(frozen=True, kw_only=True)
class ReturnBox:
    """Where it is. `imap://` without TLS is for a server on this machine."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    secure: str  # imaps | imap+tls | imap
    ca_file: str | None = None


def return_box(url: str) -> ReturnBox:
    """The mailbox of an address such as imaps://user:password@host/INBOX."""
    parts = urlsplit(url)
    return ReturnBox(
        host=parts.hostname or "localhost",
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        secure=parts.scheme,
    )


class OpenBox:
    """A mailbox that is open: unread mails, then what became of each."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    def unread(self) -> list[str]:
        """The names of up to `AT_ONCE` mails that nobody read, oldest first."""
        found = self._ask("SEARCH", "UNDELETED", "UNSEEN")
        uids = b" ".join(piece for piece in found if isinstance(piece, bytes))
        return [uid.decode() for uid in uids.split()[:AT_ONCE]]

    def mail(self, uid: str) -> bytes:
        """The whole mail, without marking it as read; empty when it is gone."""
        for piece in self._ask("FETCH", uid, "(BODY.PEEK[])"):
            if isinstance(piece, tuple):
                return bytes(piece[1])
        return b""

    def done(self, uid: str) -> None:
        """What was understood holds addresses and serves no more: it goes."""
        self._ask("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Deleted)")
        if "UIDPLUS" in self._connection.capabilities:
            self._ask("EXPUNGE", uid)

    def left(self, uid: str) -> None:
        """What was not understood stays, flagged, for a person to read."""
        self._ask("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Flagged)")

    def _ask(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes]]:
        try:
            status, data = self._connection.uid(command, *arguments)
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxAway(str(error)) from error
        if status != "OK":
            raise MailboxAway(f"{command}: {data!r}")
        return [piece for piece in data if piece is not None]


@contextmanager
def opened(box: ReturnBox) -> Iterator[OpenBox]:
    """Open the mailbox, and close it whatever happens. Raises MailboxAway."""
    try:
        connection = _connected(box)
        connection.login(box.user, box.password)
        status, data = connection.select(f'"{box.folder}"')
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxAway(str(error)) from error
    try:
        if status != "OK":
            raise MailboxAway(f"SELECT {box.folder}: {data!r}")
        yield OpenBox(connection)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            connection.logout()


def _connected(box: ReturnBox) -> imaplib.IMAP4:
    context = ssl.create_default_context(cafile=box.ca_file)
    if box.secure == "imaps":
        return imaplib.IMAP4_SSL(box.host, box.port, ssl_context=context, timeout=PATIENCE)
    connection = imaplib.IMAP4(box.host, box.port, timeout=PATIENCE)
    if box.secure == "imap+tls":
        connection.starttls(context)
    return connection
