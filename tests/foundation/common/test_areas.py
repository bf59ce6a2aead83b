"""The tables of areas hold together, and so do their drawings."""

import pytest
from django.db import connection

from levier.foundation.common.areas.maps import Shade, drawing_of, drawings, shade_of, shades_of
from levier.foundation.common.areas.names import (
    KINDS,
    area_name,
    areas,
    areas_of,
    postcode_ranges,
)
from levier.foundation.directory.models import PostcodeRange
from levier.gathering.signing.queries.journals import AREA

FOUND = f"SELECT place.area FROM (SELECT %s AS country, %s AS postcode) AS signed {AREA}"


def area_of(country: str, postcode: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [country, postcode])
        return (cursor.fetchone() or (None,))[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "postcode", "area"),
    [
        *[("FR", "01000", "FR-01"), ("FR", "35 000", "FR-35"), ("FR", "95880", "FR-95")],
        *[("FR", "20000", "FR-2A"), ("FR", "20137", "FR-2A"), ("FR", "20200", "FR-2B")],
        *[("FR", "20620", "FR-2B"), ("FR", "2A", "FR-2A"), ("FR", "35", "FR-35")],
        *[("FR", "97110", "FR-971"), ("FR", "97133", "FR-977"), ("FR", "97150", "FR-978")],
        *[("FR", "97200", "FR-972"), ("FR", "97300", "FR-973"), ("FR", "97400", "FR-974")],
        *[("FR", "97500", "FR-975"), ("FR", "97600", "FR-976"), ("FR", "98600", "FR-986")],
        *[("FR", "98714", "FR-987"), ("FR", "98800", "FR-988"), ("FR", "98000", "MC")],
        *[("RE", "97400", "FR-974"), ("RE", "", "FR-974"), ("NC", "98800", "FR-988")],
        *[("CA", "H2X 1Y4", "CA-QC"), ("CA", "k1a0b1", "CA-ON"), ("CA", "X0A 0H0", "CA-NU")],
        *[("CA", "X1A 2B3", "CA-NT"), ("CA", "Y1A", "CA-YT"), ("CA", "A1A 1A1", "CA-NL")],
        *[("BE", "1000", "BE-BRU"), ("BE", "1348", "BE-WBR"), ("BE", "1800", "BE-VBR")],
        *[("BE", "3001", "BE-VBR"), ("BE", "6600", "BE-WLX"), ("BE", "7000", "BE-WHT")],
        *[("CH", "1003", "CH-VD"), ("CH", "1201", "CH-GE"), ("CH", "8001", "CH-ZH")],
        *[("CH", "2740", "CH-JU"), ("CH", "1950", "CH-VS"), ("CH", "VD", "CH-VD")],
        *[("FR", "", None), ("FR", "3500", None), ("FR", "99999", None), ("FR", "00000", None)],
        *[("CA", "W1A 1A1", None), ("CA", "K", None), ("BE", "999", None), ("DE", "10115", None)],
        *[("FR", "’; --", None), ("", "35000", None)],
    ],
)
def test_a_postcode_is_in_its_area(country: str, postcode: str, area: str | None) -> None:
    assert area_of(country, postcode) == area


@pytest.mark.django_db
def test_an_area_s_own_code_leads_to_it() -> None:
    """It is what is kept of an old postcode (P63)."""
    for area in areas().values():
        assert area_of(area.country, area.official_code) == area.code


@pytest.mark.django_db
def test_the_database_has_the_table_that_is_shipped() -> None:
    columns = ("country", "low", "high", "shortest", "area")
    assert set(PostcodeRange.objects.values_list(*columns)) == set(postcode_ranges())


def test_ranges_never_overlap_and_lead_to_areas() -> None:
    last: dict[str, str] = {}
    for country, low, high, _, area in sorted(postcode_ranges()):
        assert low < high
        assert last.get(country, "") <= low
        assert area in areas() or area == "MC"
        last[country] = high


def test_every_area_is_there() -> None:
    counts = {country: len(areas_of(country)) for country in KINDS}
    assert counts == {"FR": 109, "CA": 13, "BE": 11, "CH": 26}
    assert 68_000_000 < sum(a.inhabitants or 0 for a in areas_of("FR")) < 71_000_000


def test_names() -> None:
    assert area_name("FR-2A") == "Corse-du-Sud"
    assert area_name("CH-VD") == "Vaud"
    assert area_name("DE") == "Allemagne"
    assert area_name("FR") == "France, sans précision"
    assert area_name("") == "lieu inconnu"


def test_what_is_drawn_is_an_area() -> None:
    assert set(drawings()) == set(KINDS)
    for country, drawing in drawings().items():
        assert set(drawing["paths"]) <= set(areas())
        beyond = {a.code for a in areas_of(country)} - set(drawing["paths"])
        # Only the collectivities of France overseas, which the source does not draw.
        assert beyond == {c for c in beyond if c > "FR-974" and c != "FR-976"}


def test_shades_part_the_areas_evenly() -> None:
    assert shades_of([]) == []
    assert shades_of([0, 3]) == [Shade(n=1, low=3, high=3)]
    assert shades_of([1, 1, 1, 1, 1, 9]) == [Shade(n=1, low=1, high=1), Shade(n=2, low=9, high=9)]
    eight = shades_of(range(1, 9))
    assert [(shade.low, shade.high) for shade in eight] == [(1, 2), (3, 4), (5, 6), (7, 8)]
    assert [shade_of(value, eight) for value in (0, 1, 2, 5, 8)] == [0, 1, 1, 3, 4]


def test_no_drawing_for_other_countries() -> None:
    assert drawing_of("DE", {"DE": 3}) is None
