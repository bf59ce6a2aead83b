"""What areas are called: a code of ISO 3166-2 (« FR-35 »; INSEE's figures for France overseas),
a country's alone (« DE ») where there is no table or the postcode says nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from levier.foundation.common.countries import country_names

TABLES = Path(__file__).with_name("tables.json")
# What the areas of a country are, one and several.
KINDS = {
    "FR": (_("département"), _("départements")),
    "CA": (_("province"), _("provinces et territoires")),
    "BE": (_("province"), _("provinces")),
    "CH": (_("canton"), _("cantons")),
}
# How many characters say where somebody is; fewer say nothing.
SHORTEST = {"FR": 5, "BE": 4, "CH": 4, "CA": 3}


@dataclass(frozen=True, kw_only=True)
class NamedArea:
    """A part of a country."""

    code: str
    name: str
    inhabitants: int | None  # where the table tells

    @property
    def country(self) -> str:
        return self.code.partition("-")[0]

    @property
    def official_code(self) -> str:
        """« 35 », « QC »."""
        return self.code.partition("-")[2]


@cache
def tables() -> dict[str, Any]:
    """The tables as they are shipped (docs/decisions/71)."""
    read: dict[str, Any] = json.loads(TABLES.read_text(encoding="utf-8"))
    return read


@cache
def areas() -> dict[str, NamedArea]:
    """Every area by its code, in the order of the official codes."""
    return {
        code: NamedArea(code=code, name=name, inhabitants=inhabitants)
        for code, name, inhabitants in sorted(tables()["areas"], key=lambda row: row[0])
    }


def areas_of(country: str) -> list[NamedArea]:
    """The areas of a country; none where there is no table."""
    return [area for area in areas().values() if area.country == country]


def area_name(code: str) -> str:
    """« Ille-et-Vilaine », « Allemagne », « France, sans précision », « lieu inconnu »."""
    if code in areas():
        return areas()[code].name
    name = country_names().get(code, "")
    if code in KINDS:
        return str(_("%(country)s, sans précision") % {"country": name})
    return name or str(_("lieu inconnu"))


def postcode_ranges() -> Iterator[tuple[str, str, str, int, str]]:
    """(country, low, high, shortest, area): a postcode is in an area from `low` to before `high`,
    compared character by character, once it has `shortest` characters."""
    for country, low, high, area in tables()["postcodes"]:
        yield country, low, high, SHORTEST.get(country, 0), area
