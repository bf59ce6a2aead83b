"""Counts of visits live for a day."""

from datetime import datetime, timedelta

import pytest

from levier.gathering.signing.actions.purge_guard import purge_guard
from levier.gathering.signing.models.guard import Guard

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("old", [0, 1, 3])
def test_only_what_is_older_than_a_day_goes(now: datetime, old: int) -> None:
    for n in range(old):
        Guard.objects.create(key=bytes([n]) * 16, window=now - timedelta(days=1, hours=1), n=1)
    Guard.objects.create(key=b"x" * 16, window=now - timedelta(hours=23), n=2)
    assert purge_guard(now=now) == old
    assert Guard.objects.get().n == 2
    assert purge_guard(now=now) == 0
