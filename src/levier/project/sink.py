"""The demonstration's mail server: takes everything, delivers nothing, keeps one line per mail."""

import json
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from levier.project.environment import read_environment

FILE = "courrier.jsonl"


class Keeper:
    """Writes each mail at the end of a file, whole and at once."""

    def __init__(self, file: Path) -> None:
        self.file = file

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd's name for a message that has arrived."""
        content = envelope.original_content or b""
        line = json.dumps(described(envelope, content), ensure_ascii=False)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        return "250 2.0.0 gardé"


def described(envelope: Envelope, content: bytes) -> Mapping[str, Any]:
    """A mail as JSON: from, to, subject, date, headers, text, html."""
    message = message_from_bytes(content, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("the default policy makes EmailMessages")
    return {
        "received_at": datetime.now(UTC).isoformat(),
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "subject": str(message["Subject"] or ""),
        "date": str(message["Date"] or ""),
        "headers": {name: str(value) for name, value in message.items()},
        "text": _body(message, "plain"),
        "html": _body(message, "html"),
    }


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def main() -> int:
    """Listen where LEVIER_EMAIL_URL points, until asked to stop."""
    environment = read_environment()
    address = urlsplit(environment.email_url)
    environment.data.mkdir(parents=True, exist_ok=True)
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    controller = Controller(
        Keeper(environment.data / FILE),
        hostname=address.hostname or "127.0.0.1",
        port=address.port or 1025,
        enable_SMTPUTF8=True,
    )
    controller.start()
    stopping.wait()
    controller.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
