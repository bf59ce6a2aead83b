"""Thresholds and goals (P39, P40)."""

from collections.abc import Iterator
from itertools import count, takewhile

STEPS = (1, 2, 5)
FIRST_POWER = 2  # the first threshold is 100


def thresholds() -> Iterator[int]:
    """100, 200, 500, 1 000, 2 000, 5 000, … without end."""
    for power in count(FIRST_POWER):
        for step in STEPS:
            yield step * 10**power


def next_threshold(total: int) -> int:
    """The smallest threshold above a total."""
    return next(threshold for threshold in thresholds() if threshold > total)


def next_goal(total: int, fixed_goal: int | None = None) -> int:
    """The goal to show for a total: the campaign's own, or one that moves ahead of it."""
    return fixed_goal or next_threshold(total)


def crossed(before: int, after: int, fixed_goal: int | None = None) -> list[int]:
    """The thresholds a count passed on its way up, the campaign's own goal among them (P40)."""
    steps = set(takewhile(lambda threshold: threshold <= after, thresholds()))
    own = {fixed_goal} if fixed_goal else set()
    return sorted(step for step in steps | own if before < step <= after)
