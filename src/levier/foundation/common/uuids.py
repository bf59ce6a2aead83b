"""UUIDs in the order of their making, version 7 (RFC 9562): an index of them grows at its end.

Random ones touch a page each, and write it whole to the log the first time after a checkpoint.
"""

import os
from datetime import datetime

_RANDOM_BYTES = 9  # 72 bits; the variant takes the two that are left of RFC 9562's 74


def ordered_uuids(many: int, *, now: datetime) -> list[str]:
    """So many new ones, as 32 hexadecimal figures. Their moment can be read in them."""
    moment = f"{int(now.timestamp() * 1000):012x}"
    drawn = os.urandom(_RANDOM_BYTES * many).hex()
    pieces = (drawn[n : n + 2 * _RANDOM_BYTES] for n in range(0, len(drawn), 2 * _RANDOM_BYTES))
    return [f"{moment}7{piece[:3]}8{piece[3:]}" for piece in pieces]
