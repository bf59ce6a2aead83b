"""Mails as servers send them back, with « {verp} » and « {message_id} » to fill."""

from pathlib import Path

from levier.foundation.messaging.rules.identity import message_id
from levier.foundation.messaging.rules.return_path import return_path

DOMAIN = "retours.valmont.example"


def returned(
    name: str, delivery: int, *, verp: str | None = None, ours: str | None = None
) -> bytes:
    """The mail, about one delivery; `verp` and `ours` to say otherwise than the truth."""
    text = Path(__file__).with_name(f"{name}.eml").read_text()
    filled = text.replace(
        "{verp}", return_path(delivery, sender="") if verp is None else verp
    ).replace(
        "{message_id}",
        message_id(delivery, domain="valmont.example") if ours is None else ours,
    )
    return filled.replace("\n", "\r\n").encode()
