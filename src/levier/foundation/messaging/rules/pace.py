"""How fast a domain that asked us to slow down is written to, and a route whose host counts.

A domain nobody complained of has no pace at all: its mails leave as fast as the route takes them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from levier.foundation.messaging.enums import Hold
from levier.foundation.messaging.models.route import DomainPace

FIRST_RATE = 2.0  # mails per second after a first « slow down »
LOWEST_RATE = 1 / 30
FREE_RATE = 50.0  # taken that fast, it needs no pace any more
EASING = 1.02  # for each mail taken
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=15)
HORIZON = timedelta(minutes=10)  # hours are given no further ahead: the pace may change


@dataclass(frozen=True)
class Wait:
    """When to look at a delivery again, and why it waits."""

    until: datetime
    hold: str


def slowed(pace: DomainPace | None, *, domain: str, reply: str, now: datetime) -> DomainPace:
    """Its pace after one more « slow down »: a pause that doubles, half the rate. Said again
    during the pause, by mails already on their way, it counts once."""
    if pace is None:
        pace = DomainPace(domain=domain, rate=FIRST_RATE * 2, until=now, refusals=0)
    elif pace.until > now:
        return pace
    pause = min(FIRST_PAUSE * 2 ** min(pace.refusals, 10), LONGEST_PAUSE)
    pace.rate = max(pace.rate / 2, LOWEST_RATE)
    pace.refusals += 1
    pace.until = pace.next_slot = now + pause
    pace.reply, pace.at = reply, now
    return pace


def eased(pace: DomainPace, *, taken: int, now: datetime) -> bool:
    """Let it go faster after mails it took; whether it still needs a pace."""
    if pace.until > now:
        return True
    pace.rate *= EASING ** min(taken, 500)
    pace.refusals, pace.at = 0, now
    return pace.rate < FREE_RATE


def waits(pace: DomainPace, *, had_their_hour: Sequence[bool], now: datetime) -> list[Wait | None]:
    """For mails to that domain, in order: None to leave now, else until when. Those whose hour
    has come go first; the others get the next hours, and `pace.next_slot` moves on."""
    told: list[Wait | None] = []
    step = timedelta(seconds=1 / pace.rate)
    for place, theirs in enumerate(had_their_hour):
        slot = max(pace.next_slot, pace.until)
        if theirs and pace.until <= now:
            told.append(None)
        elif slot <= now:
            told.append(None)
            pace.next_slot = now + step
        elif slot <= now + HORIZON:
            told.append(Wait(slot, Hold.PACE))
            pace.next_slot = slot + step
        else:  # spread, so that they do not come back all at once
            share = place / len(had_their_hour)
            told.append(Wait(now + HORIZON * (1 + share), Hold.SERVER))
    return told


def burst(per_minute: int) -> float:
    """How many mails a route that may take so many a minute is given at once."""
    return max(1.0, per_minute / 10)


def refilled(left: float, *, per_minute: int, elapsed: timedelta) -> float:
    """What a route may be given after some time: never more than `per_minute` in any minute."""
    most = burst(per_minute)
    speed = max(per_minute - most, most) / 60
    return min(most, left + speed * max(elapsed.total_seconds(), 0))
