"""What a server or a provider says of a delivery once it left, in our words."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from levier.foundation.messaging.enums import EventKind
from levier.foundation.messaging.rules.replies import Reply, Stage, Verdict, judge

ID_LENGTH = 40
CODE = re.compile(r"\b([45]\d\d)\b[ -]")
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")

KINDS = {
    Verdict.DEAD_ADDRESS: EventKind.HARD_BOUNCE,
    Verdict.FULL_MAILBOX: EventKind.SOFT_BOUNCE,
    Verdict.RETRY: EventKind.SOFT_BOUNCE,
    Verdict.ROUTE: EventKind.REJECTED,
    Verdict.REFUSED: EventKind.REJECTED,
}
# What servers say of an address that does not exist under a code that says otherwise: Exchange's
# edge (5.4.1) and its missing domain (5.4.310), Postfix's missing domain (5.4.4), Outlook (5.5.0).
NOBODY = re.compile(
    r"recipient address rejected: access denied|domain does not exist|host not found"
    r"|host or domain name not found|mailbox unavailable|user unknown|no such (user|recipient)"
    r"|does not exist|unknown (user|recipient|local)|invalid recipient|recipientnotfound"
    r"|adresse d au moins un destinataire invalide",
    re.IGNORECASE,
)
FULL = re.compile(r"over ?quota|mailbox (is )?full|quota exceeded|bo[iî]te pleine", re.IGNORECASE)
POLICY = re.compile(r"spam|blocked|blacklist|blocklist|policy|reputation|dmarc|spf", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing told of one delivery. `key` is the same each time the same thing is told."""

    provider: str
    key: str
    delivery: int
    kind: str
    at: datetime
    reply: str = ""


def notice_key(*parts: object) -> str:
    """A short name for a notice, from what makes it itself."""
    text = "\0".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


def kind_of_failure(status: str, said: str) -> EventKind:
    """What a final failure says of the address: dead, full, or nothing at all.

    `status` is the report's enhanced code, which may be as vague as 5.0.0; `said` is the server's
    own sentence. A refusal of policy marks nobody (J21), and what only took too long is soft.
    """
    code = _clearest(status, said)
    if code.startswith("4."):
        return EventKind.HARD_BOUNCE if NOBODY.search(said) else EventKind.SOFT_BOUNCE
    if FULL.search(said):
        return EventKind.SOFT_BOUNCE
    if NOBODY.search(said) and not (code.startswith("5.7.") or POLICY.search(said)):
        return EventKind.HARD_BOUNCE
    if code.startswith("5.4."):  # the way there, not the address
        return EventKind.SOFT_BOUNCE
    basic = CODE.search(said)
    reply = Reply(int(basic[1]) if basic and basic[1][0] == "5" else 554, f"{code} {said}")
    return KINDS.get(judge(Stage.RCPT, reply), EventKind.REJECTED)


def _clearest(status: str, said: str) -> str:
    """The enhanced code that says the most: the report's, unless it ends in nothing but zeroes."""
    given = ENHANCED.search(status)
    found = ENHANCED.search(said)
    if given is not None and (found is None or (given[2], given[3]) != ("0", "0")):
        return given[0]
    return found[0] if found is not None else ""
