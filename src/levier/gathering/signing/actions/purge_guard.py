"""Forgetting which networks and mailboxes asked what, and when (P66)."""

from datetime import datetime, timedelta

from levier.gathering.signing.models.guard import Guard

KEPT = timedelta(days=1)  # the longest window anything is counted over


def purge_guard(*, now: datetime) -> int:
    """Delete the counts of windows that ended; returns how many. To be called every few minutes."""
    deleted, _by_model = Guard.objects.filter(window__lt=now - KEPT).delete()
    return deleted
