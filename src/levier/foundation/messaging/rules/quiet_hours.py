"""When one may be written to, by the clock of whoever reads (J47–J49)."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from levier.foundation.messaging.enums import Lane
from levier.foundation.messaging.models.pressure import ContactPolicy

ZONES = 700  # there are about six hundred


def opens_at(
    *, policy: ContactPolicy, lane: str, zones: tuple[str, ...], now: datetime
) -> datetime:
    """`now` when a message of that lane may leave, else when the reader's day opens.

    `zones` are the reader's, then those to fall back on (J12). What answers a gesture always
    leaves; news leave at the hour the team chose, unless the policy says otherwise.
    """
    quiet = lane == Lane.ENGAGEMENT or (lane == Lane.BULK and policy.quiet_in_bulk)
    if not quiet or policy.quiet_from is None or policy.quiet_to is None:
        return now
    local = now.astimezone(_zone(zones))
    if not _is_quiet(local.time(), policy.quiet_from, policy.quiet_to):
        return now
    day = local.date() + timedelta(days=local.time() >= policy.quiet_to)
    opening = datetime.combine(day, policy.quiet_to, local.tzinfo)
    return opening.astimezone(UTC)


def _is_quiet(at: time, start: time, end: time) -> bool:
    """Whether an hour is within quiet hours, which may run over midnight."""
    if start <= end:
        return start <= at < end
    return at >= start or at < end


@lru_cache(ZONES)
def _zone(names: tuple[str, ...]) -> ZoneInfo:
    """The first that is known."""
    for name in names:
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, KeyError):  # an unknown name is a KeyError
            continue
    return ZoneInfo("UTC")
