"""The signatures as they are handed to who decides: online and paper apart (P56), in volumes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import LiteralString

from django.db import connection

from levier.foundation.common.areas.names import areas
from levier.foundation.common.countries import country_names
from levier.foundation.common.typography import shown_name
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.journals import AREA

IN_A_VOLUME = 5_000

_ONLINE: LiteralString = """
SELECT signed.number, signed.first_name, signed.last_name,
    coalesce(place.area, signed.country), signed.anonymised_at IS NOT NULL
FROM levier_signature AS signed {area}
WHERE signed.petition_id = %(petition)s AND signed.state = 'counted'
    AND signed.number BETWEEN %(first)s AND %(last)s
ORDER BY signed.number
""".replace("{area}", AREA)
_PAPER: LiteralString = """
SELECT sheet.number, signed.first_name, signed.last_name,
    coalesce(place.area, signed.country), signed.anonymised_at IS NOT NULL
FROM (
    SELECT line.* FROM levier_paperline AS line
    JOIN levier_papersheet AS sheet ON sheet.id = line.sheet_id
    WHERE line.petition_id = %(petition)s AND line.state = 'counted'
    ORDER BY sheet.number, line.position OFFSET %(first)s - 1 LIMIT %(limit)s
) AS signed
JOIN levier_papersheet AS sheet ON sheet.id = signed.sheet_id {area}
ORDER BY sheet.number, signed.position
""".replace("{area}", AREA)


class List(StrEnum):
    """Which of the two lists."""

    ONLINE = "en-ligne"
    PAPER = "papier"


class Names(StrEnum):
    """How much of each name is told."""

    NONE = "aucun"
    INITIALS = "initiale"
    FULL = "complet"


@dataclass(frozen=True, kw_only=True)
class Volume:
    """One file of a list. `first` and `last` are signature numbers online, and places in the list
    on paper."""

    of: List
    nth: int
    volumes: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """One signature as it is printed."""

    number: int  # of the signature online, of the sheet on paper
    name: str  # empty when it is not told, or not kept any more
    area: str  # « 35 », « QC », « Allemagne »


def volumes_of(petition: Petition) -> dict[List, list[Volume]]:
    """The files of each list. Nothing is counted: the tally knows."""
    tally = Tally.objects.filter(petition=petition).first()
    lasts = {
        List.ONLINE: tally.last_number if tally and tally.counted else 0,
        List.PAPER: tally.paper if tally else 0,
    }
    return {of: _cut(of, last) for of, last in lasts.items()}


def _cut(of: List, last: int) -> list[Volume]:
    starts = range(1, last + 1, IN_A_VOLUME)
    return [
        Volume(
            of=of,
            nth=nth,
            volumes=len(starts),
            first=first,
            last=min(first + IN_A_VOLUME - 1, last),
        )
        for nth, first in enumerate(starts, start=1)
    ]


def volume_at(petition: Petition, of: str, nth: int) -> Volume | None:
    """One file, or None when there is none of that name."""
    found = volumes_of(petition).get(List(of), []) if of in set(List) else []
    return next((volume for volume in found if volume.nth == nth), None)


def rows_of(petition: Petition, volume: Volume, names: Names) -> list[Row]:
    """What a volume lists, in order; at most IN_A_VOLUME rows."""
    values = {
        "petition": petition.pk,
        "first": volume.first,
        "last": volume.last,
        "limit": IN_A_VOLUME,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ONLINE if volume.of == List.ONLINE else _PAPER, values)
        return [
            Row(number=number, name="" if gone else _told(first, last, names), area=_place(area))
            for number, first, last, area, gone in cursor.fetchall()
        ]


def _told(first_name: str, last_name: str, names: Names) -> str:
    if names == Names.NONE:
        return ""
    if names == Names.INITIALS:
        return shown_name(first_name, last_name)
    return f"{first_name} {last_name}".strip()


def _place(area: str | None) -> str:
    """The official code where there is one, else the country's name."""
    known = areas().get(area or "")
    return known.official_code if known else country_names().get(area or "", "")
