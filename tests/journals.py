"""What the journals should hold, counted the slow way, and how a test reads them."""

from collections import Counter
from typing import Any

from django.db import connection

from levier.foundation.common.areas.names import postcode_ranges
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.carry import carry
from levier.gathering.signing.actions.journal import rebuild_journals
from levier.gathering.signing.models.journals import (
    AreaTally,
    DayTally,
    ReferralTally,
    SourceTally,
)
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.tasks.journals import JournalReader


def read_all(reader: JournalReader | None = None) -> None:
    """Read until nothing is left."""
    reader = reader or JournalReader()
    while reader.read():
        continue


def journalled(petition: Petition) -> Petition:
    """With its journals made, for tests that write signatures without activities."""
    rebuild_journals(petition=petition)
    while carry():
        continue
    return petition


def let_go() -> None:
    """Another reader may lead from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def told(petition: Petition) -> dict[str, Any]:
    """What the journals of a petition say."""
    mine = {"petition": petition}
    return {
        "days": Counter(
            {
                (row.day, row.source): (row.counted, row.confirmed)
                for row in DayTally.objects.filter(**mine, counted__gt=0)
            }
        ),
        "areas": {r.area: r.counted for r in AreaTally.objects.filter(**mine, counted__gt=0)},
        "sources": {
            (r.source, r.source_code): r.counted
            for r in SourceTally.objects.filter(**mine, counted__gt=0)
        },
        "links": {
            r.signature: (r.direct, r.total)
            for r in ReferralTally.objects.filter(**mine, total__gt=0)
        },
        "owed": ReferralTally.objects.filter(**mine).exclude(owed=0).count(),
    }


def true(petition: Petition) -> dict[str, Any]:
    """What a GROUP BY of its signatures says."""
    rows = list(Signature.objects.filter(petition=petition).order_by("pk"))
    zone = petition.campaign.organisation.time_zone
    counted = [row for row in rows if row.state == "counted"]
    days: dict[Any, tuple[int, int]] = {}
    for row in counted:
        key = (local_day(row, zone), row.source)
        n, confirmed = days.get(key, (0, 0))
        days[key] = (n + 1, confirmed + (row.confirmed_at is not None))
    return {
        "days": days,
        "areas": dict(Counter(area_of(row.country, row.postcode) for row in counted)),
        "sources": dict(Counter((row.source, row.source_code) for row in counted)),
        "links": links_of(rows),
        "owed": 0,
    }


def local_day(row: Signature, zone: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s AT TIME ZONE %s)::date", [row.signed_at, zone])
        return (cursor.fetchone() or (None,))[0]


def area_of(country: str, postcode: str) -> str:
    """By walking through the table."""
    code = "".join(c for c in postcode.upper() if c.isascii() and c.isalnum())
    for of, low, high, shortest, area in postcode_ranges():
        says = len(code) >= shortest or area == f"{country}-{code}"
        if of == country and low <= code < high and says:
            return area
    return country


def links_of(rows: list[Signature]) -> dict[int, tuple[int, int]]:
    """By walking up from each signature that counts."""
    above = {
        row.pk: row.referred_by_id
        for row in rows
        if row.referred_by_id is not None and row.referred_by_id < row.pk
    }
    direct, total = Counter[int](), Counter[int]()
    for row in rows:
        if row.state != "counted":
            continue
        parent = above.get(row.pk)
        if parent is not None:
            direct[parent] += 1
        while parent is not None:
            total[parent] += 1
            parent = above.get(parent)
    return {pk: (direct[pk], n) for pk, n in total.items()}
