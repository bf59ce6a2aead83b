"""Limits per network, and what stands for a network."""

import hmac
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from levier.foundation.common.tokens import key_for
from levier.foundation.ledger.rules import EPOCH

# Limits per network and window (P67). They suit a school behind one address: 60 people in ten
# minutes are counted at once; those after them sign too, and count once their address confirms.
GUARD_WINDOW = timedelta(minutes=10)
SOFT_LIMIT = 60
HARD_LIMIT = 600
NETWORK_KEY_BYTES = 16


def network_key(network: str, *, now: datetime) -> bytes:
    """What stands for a canonical network: an HMAC whose key changes every day (P66)."""
    return _network_key(network, now.astimezone(UTC).date())


@lru_cache(maxsize=20_000)
def _network_key(network: str, day: date) -> bytes:
    key = key_for(f"network:{day.isoformat()}")
    return hmac.digest(key, network.encode(), "sha256")[:NETWORK_KEY_BYTES]


def window_of(now: datetime) -> datetime:
    """The start of the guard's window that a moment is in."""
    return now - (now - EPOCH) % GUARD_WINDOW
