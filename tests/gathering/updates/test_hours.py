"""Hours as people type them, where clocks jump and go back."""

from datetime import UTC, date, datetime, time

import pytest

from levier.gathering.updates.errors import NoSuchHour
from levier.gathering.updates.rules.hours import ZONES, moment, said_hour


def test_an_hour_is_the_one_of_its_zone() -> None:
    day, hour = date(2026, 11, 12), time(18, 30)
    assert moment(day, hour, "Europe/Paris") == datetime(2026, 11, 12, 17, 30, tzinfo=UTC)
    assert moment(day, hour, "Pacific/Noumea") == datetime(2026, 11, 12, 7, 30, tzinfo=UTC)


def test_U47_an_hour_that_clocks_jump_over_names_the_one_to_choose() -> None:
    with pytest.raises(NoSuchHour) as refused:
        moment(date(2026, 3, 29), time(2, 30), "Europe/Paris")
    said = str(refused.value).replace("\u00a0", " ")
    assert said == "Le 29 mars, 2 h 30 n’existe pas en France : choisissez 3 h 30."
    there = moment(date(2026, 3, 29), time(2, 30), "Pacific/Noumea")
    assert there == datetime(2026, 3, 28, 15, 30, tzinfo=UTC)


def test_U47_of_an_hour_that_comes_twice_the_first_is_taken() -> None:
    twice = moment(date(2026, 10, 25), time(2, 30), "Europe/Paris")
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_every_zone_exists_and_hours_are_said_in_french() -> None:
    assert all(moment(date(2026, 7, 1), time(12), zone) for zone in ZONES)
    assert [said_hour(time(14)), said_hour(time(9, 5))] == ["14\u00a0h", "9\u00a0h\u00a005"]
