"""What a server's reply says of the address, of the message or of the whole route (RFC 3463)."""

import re
from datetime import timedelta
from enum import Enum, auto
from typing import NamedTuple

ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")
FIRST_DELAY = timedelta(seconds=20)
LONGEST_DELAY = timedelta(minutes=30)


class Stage(Enum):
    """Which command a reply answers."""

    MAIL = auto()
    RCPT = auto()
    DATA = auto()
    CONTENT = auto()


class Verdict(Enum):
    """What becomes of the delivery."""

    HANDED = auto()
    RETRY = auto()  # later, this one only
    DOMAIN = auto()  # later, and that domain slower (J19, J20)
    ROUTE = auto()  # later, and the route itself is at fault: everybody slows down (J20)
    POLICY = auto()  # later, and the route refuses on principle: said again, it is stopped (J21)
    DEAD_ADDRESS = auto()  # the address is marked; the person is not (J7)
    FULL_MAILBOX = auto()  # this one is over, the address may live again
    REFUSED = auto()  # this one only, whatever the reason (J21: 554)
    LOST = auto()  # the connection went between the final dot and its reply (J22)
    UNSENT = auto()  # nothing was sent: back to the queue as it was
    BROKEN = auto()  # cannot be written at all: an address or a template of ours


class Reply(NamedTuple):
    """A reply of the server, its lines joined."""

    code: int
    text: str

    @property
    def status(self) -> tuple[int, int, int] | None:
        """The enhanced status code that opens the text, if any."""
        found = ENHANCED.match(self.text)
        return None if found is None else (int(found[1]), int(found[2]), int(found[3]))

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


def judge(stage: Stage, reply: Reply) -> Verdict:
    """What to do after a reply, by the stage it came at."""
    if reply.code < 400:
        return Verdict.HANDED
    _, subject, detail = reply.status or (0, 0, 0)
    if reply.code < 500:
        if stage is Stage.MAIL or subject == 3:
            return Verdict.ROUTE
        return Verdict.DOMAIN if subject == 7 or reply.code == 421 else Verdict.RETRY
    if subject == 7:
        return Verdict.POLICY
    if subject == 1 and detail not in {7, 8} and stage is not Stage.MAIL:
        return Verdict.DEAD_ADDRESS
    if stage is Stage.RCPT:
        return _recipient(reply.code, subject, detail)
    if stage is Stage.MAIL and subject not in {3, 6} and reply.code != 552:
        return Verdict.POLICY
    return Verdict.REFUSED


def _recipient(code: int, subject: int, detail: int) -> Verdict:
    """A permanent refusal of one recipient."""
    if subject == 2:
        return Verdict.DEAD_ADDRESS if detail == 1 else Verdict.FULL_MAILBOX
    if subject == 0:
        if code == 552:
            return Verdict.FULL_MAILBOX
        return Verdict.DEAD_ADDRESS if code in {550, 551, 553} else Verdict.REFUSED
    return Verdict.REFUSED


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after that many refused attempts: 20 s, 1 min, 3 min… up to 30 min."""
    return min(FIRST_DELAY * int(3 ** min(attempts, 10)), LONGEST_DELAY)
