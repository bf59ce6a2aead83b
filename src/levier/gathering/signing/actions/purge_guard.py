"""Forgetting which networks signed when (P66)."""

from datetime import datetime

from levier.gathering.signing.models import Guard
from levier.gathering.signing.rules import window_of


def purge_guard(*, now: datetime) -> int:
    """Delete the counts of past windows; returns how many. To be called every few minutes."""
    deleted, _by_model = Guard.objects.filter(window__lt=window_of(now)).delete()
    return deleted
