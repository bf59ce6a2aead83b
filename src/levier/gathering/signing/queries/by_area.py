"""Where the signatures of a petition come from, whatever their number."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from levier.foundation.common.areas.maps import Drawing, drawing_of
from levier.foundation.common.areas.names import KINDS, area_name, areas
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.journals import AreaTally

FEWEST = 5  # fewer from one area are nobody's business: signing can tell an opinion


@dataclass(frozen=True, kw_only=True)
class AreaCount:
    """An area and how many of its people signed."""

    code: str
    name: str
    official_code: str  # « 35 »; "" for a whole country
    counted: int
    per_100_000: float | None  # inhabitants; where the table tells how many


@dataclass(frozen=True, kw_only=True)
class CountryCount:
    """A country that has a table of its areas."""

    code: str
    name: str
    areas: Sequence[AreaCount]  # with any, the most first
    unplaced: int  # whose postcode says no area
    grouped: bool = False  # whether areas with few are left out
    few: int = 0  # signatures of those

    @property
    def counted(self) -> int:
        return sum(area.counted for area in self.areas) + self.unplaced + self.few

    @property
    def drawing(self) -> Drawing | None:
        """Shaded by the share of the inhabitants, else by the number."""
        shown = {
            area.code: (area.per_100_000 or 0) if self.has_rates else area.counted
            for area in self.areas
        }
        return drawing_of(self.code, shown, hidden=self.grouped)

    @property
    def has_rates(self) -> bool:
        return any(area.per_100_000 is not None for area in self.areas)

    @property
    def kind(self) -> str:
        """« département »."""
        return str(KINDS[self.code][0])

    @property
    def kinds(self) -> str:
        """« départements »."""
        return str(KINDS[self.code][1])


@dataclass(frozen=True, kw_only=True)
class Territory:
    """Everything, from the most to the least."""

    countries: Sequence[CountryCount]
    elsewhere: Sequence[AreaCount]  # countries without a table
    unknown: int  # no country either
    few: int = 0  # of the countries left out because they are so few

    @property
    def counted(self) -> int:
        """All that is counted in."""
        inside = sum(country.counted for country in self.countries)
        return inside + sum(place.counted for place in self.elsewhere) + self.unknown + self.few


def by_area(petition: Petition) -> Territory:
    """Every area with somebody in it. One statement, over as many rows as there are areas."""
    rows = AreaTally.objects.filter(petition=petition, counted__gt=0)
    counts = dict(rows.values_list("area", "counted"))
    unknown = counts.pop("", 0)
    inside: dict[str, list[AreaCount]] = defaultdict(list)
    elsewhere = []
    for code in counts.keys() - KINDS.keys():
        count = _count(code, counts[code])
        if code in areas():
            inside[areas()[code].country].append(count)
        else:
            elsewhere.append(count)
    countries = [
        CountryCount(
            code=code,
            name=area_name(code).partition(",")[0],
            areas=sorted(inside[code], key=_order),
            unplaced=counts.get(code, 0),
        )
        for code in KINDS
        if inside[code] or code in counts
    ]
    return Territory(
        countries=sorted(countries, key=lambda country: -country.counted),
        elsewhere=sorted(elsewhere, key=_order),
        unknown=unknown,
    )


def without_the_fewest(territory: Territory) -> Territory:
    """What may be shown outside the team: areas with fewer than five are one number."""
    countries, few = [], 0
    for country in territory.countries:
        if country.counted < FEWEST:
            few += country.counted
            continue
        kept = [area for area in country.areas if area.counted >= FEWEST]
        rest = sum(area.counted for area in country.areas) - sum(area.counted for area in kept)
        countries.append(replace(country, areas=kept, few=rest, grouped=True))
    elsewhere = [area for area in territory.elsewhere if area.counted >= FEWEST]
    few += sum(a.counted for a in territory.elsewhere) - sum(a.counted for a in elsewhere)
    return replace(territory, countries=countries, elsewhere=elsewhere, few=few)


def count_in(petition: Petition, code: str) -> AreaCount:
    """One area, also when nobody of it signed. Raises KeyError for an area that is in no table."""
    row = AreaTally.objects.filter(petition=petition, area=areas()[code].code).first()
    return _count(code, row.counted if row else 0)


def _count(code: str, counted: int) -> AreaCount:
    area = areas().get(code)
    people = area.inhabitants if area else None
    return AreaCount(
        code=code,
        name=area_name(code),
        official_code=area.official_code if area else "",
        counted=counted,
        per_100_000=counted * 100_000 / people if people else None,
    )


def _order(count: AreaCount) -> tuple[int, str]:
    return -count.counted, count.name
