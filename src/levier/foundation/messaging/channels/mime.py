"""From what we say to the bytes of a message (RFC 5322, RFC 2046), without Python's slow tree.

Headers refuse control characters instead of folding them away (J11); texts travel as they are
where the server takes eight bits and lines are short enough, else in quoted-printable.
"""

import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache

from levier.foundation.messaging.errors import HeaderRefused

LONGEST_LINE = 998  # octets, RFC 5322 2.1.1
CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]")
PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")

_PART_8BIT = b'Content-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail as it will be read. Addresses are ready for an envelope."""

    message_id: str
    sender_name: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str | bytes  # bytes: already in eight bits, CRLF line ends (`mould.Mould`)
    date: datetime
    reply_to: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)  # List-Unsubscribe and the like


def build(letter: Letter, *, eight_bit: bool) -> bytes:
    """The whole message, CRLF line ends. Raises HeaderRefused."""
    boundary = "=_" + hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]
    lines = [
        _address("From", letter.sender_name, letter.sender),
        _plain("To", letter.recipient),
        *([_plain("Reply-To", letter.reply_to)] if letter.reply_to else []),
        _text("Subject", letter.subject),
        _plain("Date", _date(letter.date.replace(microsecond=0))),
        _plain("Message-ID", letter.message_id),
        *(_plain(name, value) for name, value in letter.extra.items()),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    ]
    head = "\r\n".join(lines).encode()
    parts = (_part("plain", letter.text, eight_bit), _part("html", letter.html, eight_bit))
    mark = f"\r\n--{boundary}".encode()
    opened = b"".join(mark + b"\r\n" + part for part in parts)
    return head + b"\r\n" + opened + mark + b"--\r\n"


def _plain(name: str, value: str) -> str:
    if CONTROL.search(value):
        raise HeaderRefused(name)
    return f"{name}: {value}"


@lru_cache(100)
def _date(at: datetime) -> str:
    return format_datetime(at)


@lru_cache(1_000)
def _encoded(name: str, value: str) -> str:
    """RFC 2047 words, folded by the library itself; plain ASCII stays readable."""
    if CONTROL.search(value):
        raise HeaderRefused(name)
    if value.isascii():
        return value
    return Header(value, "utf-8", header_name=name, maxlinelen=76).encode(linesep="\r\n")


def _text(name: str, value: str) -> str:
    return f"{name}: {_encoded(name, value)}"


def _address(name: str, display: str, address: str) -> str:
    _plain(name, address)
    shown = _encoded(name, display)
    if display.isascii() and not PLAIN_NAME.fullmatch(display):
        shown = '"' + display.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name}: {shown} <{address}>"


def _part(kind: str, text: str | bytes, eight_bit: bool) -> bytes:
    if isinstance(text, bytes):
        return _PART_8BIT % kind.encode() + text
    raw = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    if eight_bit and all(len(line) <= LONGEST_LINE for line in raw.split(b"\n")):
        encoding, body = "8bit", raw
    else:
        encoding, body = "quoted-printable", binascii.b2a_qp(raw)
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}'
    return head.encode() + b"\r\n\r\n" + body.replace(b"\n", b"\r\n")
