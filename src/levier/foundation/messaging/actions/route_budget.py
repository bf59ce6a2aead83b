from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from levier.foundation.messaging.enums import Lane
from levier.foundation.messaging.models.route import RouteBudget
from levier.foundation.messaging.rules.pace import burst, refilled

KEPT = 1.0  # of the burst, for what answers a gesture


@dataclass
class Budget:
    """How many mails may be taken, and how many were."""

    most: int
    spent: int = 0


@contextmanager
def budgeted(
    *, route: str, lane: str, per_minute: int, limit: int, now: datetime
) -> Iterator[Budget]:
    """What a route whose host limits the pace may be given now (J18): kept in the database, so
    that restarts and other senders do not start it afresh. `per_minute` 0: no limit.

    In the caller's transaction, which other senders of this route wait for.
    """
    if not per_minute:
        yield Budget(limit)
        return
    full = {"left": burst(per_minute), "at": now}
    row, _ = RouteBudget.objects.select_for_update().get_or_create(route=route, defaults=full)
    left = refilled(row.left, per_minute=per_minute, elapsed=now - row.at)
    kept = KEPT if lane != Lane.TRANSACTIONAL and burst(per_minute) >= KEPT * 2 else 0.0
    budget = Budget(max(min(limit, int(left - kept + 1e-9)), 0))
    yield budget
    row.left, row.at = left - budget.spent, max(row.at, now)
    row.save(update_fields=["left", "at"])
