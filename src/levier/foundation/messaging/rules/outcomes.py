"""What notices make of a delivery and of an address, in whatever order they came (J25, J26)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from levier.foundation.messaging.enums import DeliveryState, EventKind
from levier.foundation.people.enums import ContactState

WORN_OUT = "trois refus temporaires en trente jours"
WITHIN = timedelta(days=30)
MOST_SOFT = 3
# A server keeps trying for five days (RFC 5321 4.5.4.1): no news after that is good news.
NO_NEWS = timedelta(days=5)
# One that waits, was replaced or blocked is not made reachable, or dead, by a notice.
MARKABLE = frozenset({ContactState.OK, ContactState.SOFT, ContactState.HARD})
_ENDS = {
    EventKind.DELIVERED: DeliveryState.DELIVERED,
    EventKind.SOFT_BOUNCE: DeliveryState.BOUNCED,
    EventKind.REJECTED: DeliveryState.FAILED,
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice of one delivery."""

    delivery: int
    kind: str
    at: datetime


def delivery_after(told: Sequence[Told], *, standing: str) -> str:
    """The state of a delivery: a complaint says most, then a dead address, then what came last."""
    kinds = {one.kind for one in told}
    if EventKind.COMPLAINT in kinds:
        return DeliveryState.COMPLAINED
    if EventKind.HARD_BOUNCE in kinds:
        return DeliveryState.BOUNCED
    ending = [one for one in told if one.kind in _ENDS]
    if not ending:
        return standing
    last = max(ending, key=lambda one: (one.at, one.kind))
    return _ENDS[EventKind(last.kind)]


def address_after(
    told: Sequence[Told],
    *,
    fresh: Collection[str],
    quiet: datetime | None,
    standing: str,
    reason: str,
) -> tuple[str, str | None]:
    """The state of an address, and its reason where that changes.

    `told` is all that was ever told of its deliveries, `fresh` the kinds just learnt, `quiet` the
    last time a mail to it raised no notice for five days. What made it dead or complained is never
    taken back here; three soft bounces are, by a success among them.
    """
    if standing not in MARKABLE:
        return standing, None
    if EventKind.COMPLAINT in fresh:
        return ContactState.COMPLAINT, None
    if EventKind.HARD_BOUNCE in fresh:
        return ContactState.HARD, None
    if standing == ContactState.HARD and reason != WORN_OUT:
        return standing, None
    soft = _soft_since_success(told, quiet)
    if _worn_out(soft):
        return ContactState.HARD, WORN_OUT
    return (ContactState.SOFT, None) if soft else (ContactState.OK, "")


def _soft_since_success(told: Sequence[Told], quiet: datetime | None) -> list[datetime]:
    """When mails were refused for a while, each mail once, since one last arrived."""
    arrived = [one.at for one in told if one.kind == EventKind.DELIVERED]
    last = max([*arrived, *([quiet] if quiet else [])], default=None)
    first: dict[int, datetime] = {}
    for one in told:
        if one.kind == EventKind.SOFT_BOUNCE and (last is None or one.at > last):
            first[one.delivery] = min(one.at, first.get(one.delivery, one.at))
    return sorted(first.values())


def _worn_out(soft: list[datetime]) -> bool:
    spans = zip(soft, soft[MOST_SOFT - 1 :], strict=False)
    return any(last - first <= WITHIN for first, last in spans)
