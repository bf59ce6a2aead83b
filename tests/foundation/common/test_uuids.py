"""UUIDs in the order of their making."""

from datetime import timedelta
from uuid import RFC_4122, UUID

from levier.foundation.common.uuids import ordered_uuids
from tests.cast import NOW


def test_they_are_of_version_7_and_all_different() -> None:
    made = [UUID(text) for text in ordered_uuids(500, now=NOW)]
    assert len(set(made)) == 500
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
    assert {one.int >> 80 for one in made} == {int(NOW.timestamp() * 1000)}
    assert ordered_uuids(0, now=NOW) == []


def test_later_ones_come_after() -> None:
    before, after = (ordered_uuids(20, now=NOW + timedelta(seconds=n)) for n in (0, 1))
    assert max(before) < min(after)
