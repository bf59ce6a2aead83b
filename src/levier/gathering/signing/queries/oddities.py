"""What looks unusual among the signatures of a day, petition by petition. Nothing is rejected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from disposable_email_domains import blocklist
from django.conf import settings
from django.db import connection

from levier.foundation.people.rules import PROVIDERS
from levier.gathering.signing.enums import AlertKind

WINDOW = timedelta(days=1)
MOST = 20_000  # of the latest signatures of one petition: the look stays bounded in a rush
BEFORE = 5_000  # signatures that tell which places are usual
#: How many make an oddity. A class, a company or a village sign together: alerts only tell.
LIMITS = {
    "domain": 20,
    "disposables": 3,
    "sequence": 5,
    "bare_sequence": 20,  # addresses that are figures only
    "name": 5,
    "network": 40,
    "place": 30,
    "night": 50,
    "known": 100,  # earlier signatures without which no place is usual or not
}
NIGHT = (1, 5)  # hours, local: from one to five in the morning
_STATEMENT = Path(__file__).with_name("sql") / "oddities.sql"


@dataclass(frozen=True, kw_only=True)
class Oddity:
    """Signatures that have something unusual in common."""

    petition: int
    kind: str
    subject: str
    n: int
    among: int  # signatures looked at
    usual: float | None  # the usual share, for a place
    first_at: datetime
    last_at: datetime


def oddities(*, now: datetime) -> list[Oddity]:
    """Everything unusual on open petitions in the last day: one statement for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.read_text(), _parameters(now))
        return [_oddity(row) for row in cursor.fetchall()]


def _parameters(now: datetime) -> dict[str, Any]:
    return {
        "since": now - WINDOW,
        "most": MOST,
        "before": BEFORE,
        "zone": settings.TIME_ZONE,
        "familiar": sorted(PROVIDERS),
        "disposable": sorted(blocklist),
        "dusk": NIGHT[0],
        "dawn": NIGHT[1],
        **LIMITS,
    }


def _oddity(row: Sequence[Any]) -> Oddity:
    petition, kind, subject, n, among, usual, first_at, last_at = row
    return Oddity(
        petition=petition,
        kind=AlertKind(kind),
        subject=subject,
        n=n,
        among=among,
        usual=usual,
        first_at=first_at,
        last_at=last_at,
    )
