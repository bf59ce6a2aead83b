"""What spreadsheets did to a cell is undone; what cannot be is refused."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from levier.foundation.common.tables.cells import Dates, phone_cell, plain, postcode_cell, truth

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("  Paul\u00a0", "Paul"),
        ('="01000"', "01000"),
        ("'+33 6 12", "+33 6 12"),
        ("'=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("'s-Gravenhage", "'s-Gravenhage"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_cell_says_what_was_meant(cell: str, meant: str) -> None:
    assert plain(cell) == meant


@pytest.mark.parametrize(
    "cell", ["oui", "OUI", " x ", "1", "true", "Vrai", "✓", "subscribed", "D’accord"]
)
def test_a_yes_is_a_yes(cell: str) -> None:
    assert truth(cell) is True


@pytest.mark.parametrize("cell", ["", "non", "No", "0", "FALSE", "-", "unsubscribed", "N/A"])
def test_a_no_is_a_no(cell: str) -> None:
    assert truth(cell) is False


@pytest.mark.parametrize("cell", ["peut-être", "2", "oui mais", "=TRUE()"])
def test_what_says_neither_proves_nothing(cell: str) -> None:
    assert truth(cell) is None


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-01", "2026-03-01T00:00:00+01:00"),
        ("2026-03-01 14:05", "2026-03-01T14:05:00+01:00"),
        ("2026-03-01T14:05:09Z", "2026-03-01T14:05:09+00:00"),
        ("2026-03-01T14:05:09.123456+05:30", "2026-03-01T08:35:09+00:00"),
        ("2026-07-01 14:05:09 UTC", "2026-07-01T14:05:09+00:00"),
        ("2026/03/01 2:05:09 PM UTC+2", "2026-03-01T12:05:09+00:00"),
        ("01/03/2026", "2026-03-01T00:00:00+01:00"),
        ("1/3/26 9h40", "2026-03-01T09:40:00+01:00"),
        ("01.03.2026 à 09:40", "2026-03-01T09:40:00+01:00"),
        ("1er mars 2026", "2026-03-01T00:00:00+01:00"),
        ("12 août 2025, 09:40", "2025-08-12T09:40:00+02:00"),
        ("Aug 12, 2025 12:30 am", "2025-08-12T00:30:00+02:00"),
        ("46022", "2025-12-31T00:00:00+01:00"),
        ("46022,5", "2025-12-31T12:00:00+01:00"),
    ],
)
def test_dates_are_read_as_they_are_written(cell: str, moment: str) -> None:
    found = Dates(day_first=True, zone=PARIS).read(cell)
    assert found == datetime.fromisoformat(moment)


def test_months_come_first_where_it_is_so() -> None:
    american = Dates(day_first=False, zone=PARIS)
    assert american.read("3/1/2026 9:40 PM") == datetime(2026, 3, 1, 21, 40, tzinfo=PARIS)
    assert american.read("2026-03-01") == datetime(2026, 3, 1, tzinfo=PARIS)


@pytest.mark.parametrize(
    "cell",
    ["", "hier", "31/02/2026", "2026-13-01", "01/03/2026 25:00", "3", "99999", "0000-00-00",
     "=NOW()", "2026-03-01 quelque part", "mars 2026", "12 mars", "2026-03-01T10:00+99:99"],
)  # fmt: skip
def test_what_is_no_date_is_none(cell: str) -> None:
    assert Dates(day_first=True, zone=PARIS).read(cell) is None


@pytest.mark.parametrize(
    ("cell", "country", "found"),
    [
        ("1000", "FR", ("01000", True)),
        ("1000.0", "FR", ("01000", True)),
        ("1000", "BE", ("1000", False)),
        ("35000", "FR", ("35000", False)),
        ("35000.0", "FR", ("35000", False)),
        ('="01000"', "FR", ("01000", False)),
        ("2A004", "FR", ("2A004", False)),
    ],
)
def test_postcodes_get_back_their_zero(cell: str, country: str, found: tuple[str, bool]) -> None:
    assert postcode_cell(cell, country) == found


@pytest.mark.parametrize(
    ("cell", "country", "found"),
    [
        ("612345678", "FR", ("0612345678", True)),
        ("0612345678", "FR", ("0612345678", False)),
        ("33612345678", "FR", ("+33612345678", True)),
        ("+33 6 12 34 56 78", "FR", ("+33 6 12 34 56 78", False)),
        ("3,36123E+10", "FR", ("", True)),
        ("612345678.0", "FR", ("0612345678", True)),
    ],
)
def test_telephones_get_back_what_was_taken(
    cell: str, country: str, found: tuple[str, bool]
) -> None:
    assert phone_cell(cell, country) == found
