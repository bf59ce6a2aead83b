"""Mails that come back: non-delivery (RFC 3464), complaints (RFC 5965), « désabonnement ».

Read with Python's own parser, which loses nothing of a message however badly made. The delivery
is named by the signed address that the mail came to, or by our Message-ID inside; the report adds
the reason (J24).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import compat32, default
from email.utils import getaddresses, parsedate_to_datetime

from levier.foundation.messaging.enums import EventKind
from levier.foundation.messaging.rules.identity import delivery_in
from levier.foundation.messaging.rules.notices import Notice, kind_of_failure, notice_key
from levier.foundation.messaging.rules.return_path import LEAVING, delivery_at

LONGEST = 10 * 1024 * 1024  # bytes of a mail that is read
REPLY_LENGTH = 300
# Where servers write the address that a mail was delivered to.
DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-RCPT-To", "To")
COMPLETE = re.compile(r"\b[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}\b")
DAEMON = re.compile(r"mailer-daemon|postmaster|mail delivery", re.IGNORECASE)
NOT_COMPLAINTS = frozenset({"not-spam", "auth-failure", "virus"})
DSN, ARF = "dsn", "arf"


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What a mail turned out to say."""

    notices: tuple[Notice, ...] = ()
    leaving: str = ""  # the token of an unsubscription
    understood: bool = False  # an automatic answer is understood, and says nothing


def read_returned(raw: bytes, *, recipient: str = "", now: datetime) -> Returned:
    """Read one mail. `recipient` is the envelope's, when the program that gives it knows it.

    Never raises: what makes no sense is not understood, and stays for a person to read.
    """
    mail = message_from_bytes(raw[:LONGEST], policy=compat32)
    token = _leaving(mail)
    if token:
        return Returned(leaving=token, understood=True)
    named = _delivery_of(mail, recipient)
    kind = _parameter(mail, "report-type")
    if kind == "feedback-report":
        return _complaint(mail, named, now)
    if kind == "delivery-status" or _part(mail, "message/delivery-status") is not None:
        return _failure(mail, named, now)
    if _header(mail, "Auto-Submitted").lower().startswith("auto-replied"):
        return Returned(understood=True)
    return _without_report(mail, named, now)


def _failure(mail: Message, named: int | None, now: datetime) -> Returned:
    """RFC 3464: one group of fields for the message, then one for each recipient. Ours have one."""
    groups = list(_groups(mail))
    if named is None:
        return Returned(understood=False)
    found = []
    for group in groups:
        kind = _kind_of(group)
        if kind is not None:
            said = _said(group) or _header(mail, "Subject")
            key = notice_key(DSN, named, kind, _mark(mail, group))
            found.append(_notice(DSN, key, named, kind, mail, said, now))
    return Returned(notices=tuple(found[:1]), understood=bool(groups))


def _kind_of(group: Message) -> EventKind | None:
    """None for a delay, and for what was passed on to a server that promises nothing."""
    action = _header(group, "Action").lower()
    if action == "failed":
        return kind_of_failure(_header(group, "Status"), _said(group))
    return EventKind.DELIVERED if action == "delivered" else None


def _said(group: Message) -> str:
    """The receiving server's own words, without « smtp; »."""
    return _header(group, "Diagnostic-Code").partition(";")[2].strip()


def _complaint(mail: Message, named: int | None, now: datetime) -> Returned:
    fields = next(_fields(mail, "message/feedback-report"), None)
    if fields is None:
        return Returned()
    feedback = _header(fields, "Feedback-Type").lower()
    if feedback in NOT_COMPLAINTS:
        return Returned(understood=True)
    delivery = delivery_at(_header(fields, "Original-Mail-From")) or named
    if delivery is None:
        return Returned()
    key = notice_key(ARF, delivery, feedback)
    said = _header(fields, "User-Agent") or feedback
    return Returned(
        notices=(_notice(ARF, key, delivery, EventKind.COMPLAINT, mail, said, now),),
        understood=True,
    )


def _without_report(mail: Message, named: int | None, now: datetime) -> Returned:
    """An old server that says in prose that it gave up: the address says which delivery, and
    without a code in what it says, nothing surer than « soft »."""
    daemon = DAEMON.search(_header(mail, "From")) or _header(mail, "Return-Path") == "<>"
    if named is None or not daemon:
        return Returned()
    coded = next((line for line in _prose(mail) if COMPLETE.search(line)), "")
    kind = kind_of_failure("", coded) if coded else EventKind.SOFT_BOUNCE
    key = notice_key(DSN, named, kind, _mark(mail, mail))
    said = coded or _header(mail, "Subject")
    return Returned(notices=(_notice(DSN, key, named, kind, mail, said, now),), understood=True)


def _prose(mail: Message) -> list[str]:
    """The lines of the first part that is text."""
    part = next((one for one in mail.walk() if one.get_content_maintype() == "text"), None)
    return _content(part).decode("latin-1").splitlines() if part is not None else []


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _notice(
    provider: str, key: str, delivery: int, kind: EventKind, mail: Message, said: str, now: datetime
) -> Notice:
    return Notice(
        provider=provider,
        key=key,
        delivery=delivery,
        kind=kind,
        at=min(_date(mail) or now, now),
        reply=" ".join(said.split())[:REPLY_LENGTH],
    )


def _delivery_of(mail: Message, recipient: str) -> int | None:
    """By the signed address, else by the Message-ID of the mail that is returned."""
    headers = [value for name in DELIVERED_TO for value in mail.get_all(name, [])]
    addresses = [recipient, *(address for _, address in getaddresses([str(h) for h in headers]))]
    for address in addresses:
        delivery = delivery_at(address)
        if delivery is not None:
            return delivery
    for inside in _returned_headers(mail):
        returned = delivery_at(_header(inside, "Return-Path"))
        delivery = returned or delivery_in(_header(inside, "Message-ID"))
        if delivery is not None:
            return delivery
    return None


def _returned_headers(mail: Message) -> Iterator[Message]:
    """The mail that is sent back, whole or only its headers."""
    yield from _fields(mail, "message/rfc822")
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            yield message_from_bytes(_content(part), policy=compat32)


def _fields(mail: Message, kind: str) -> Iterator[Message]:
    """The headers that a part of this kind holds."""
    for part in mail.walk():
        if part.get_content_type() == kind:
            payload = part.get_payload()
            if isinstance(payload, list):
                yield from (one for one in payload if isinstance(one, Message))


def _groups(mail: Message) -> Iterator[Message]:
    for group in _fields(mail, "message/delivery-status"):
        if group["Final-Recipient"] or group["Original-Recipient"] or group["Action"]:
            yield group


def _part(mail: Message, kind: str) -> Message | None:
    return next((part for part in mail.walk() if part.get_content_type() == kind), None)


def _leaving(mail: Message) -> str:
    """« desabonnement <token> »; a mail program may have folded or quoted the token."""
    subject = _decoded(mail)
    word, _, token = subject.strip().partition(" ")
    return "".join(token.split()).strip("<>\"'") if word.lower() == LEAVING else ""


def _decoded(mail: Message) -> str:
    """The subject as a person reads it (RFC 2047)."""
    header = EmailMessage(policy=default)
    header["Subject"] = _header(mail, "Subject")
    return str(header["Subject"])


def _mark(mail: Message, group: Message) -> str:
    """What tells two reports of one delivery apart: the code and the recipient, never the way the
    report came here."""
    return f"{_header(group, 'Status')} {_header(group, 'Final-Recipient')} {_date(mail)}"


def _parameter(mail: Message, name: str) -> str:
    if mail.get_content_type() != "multipart/report":
        return ""
    return str(mail.get_param(name) or "").lower()


def _header(mail: Message, name: str) -> str:
    return " ".join(str(mail.get(name, "")).split())


def _date(mail: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(_header(mail, "Date"))
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo else None
