from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from levier.gathering.signing.enums import AlertKind
from levier.gathering.signing.models.alert import Alert
from levier.gathering.signing.queries.oddities import Oddity, oddities
from levier.gathering.signing.queries.tally import Discrepancy, discrepancies

_RAISE = """
INSERT INTO levier_alert (
    petition_id, kind, subject, n, among, usual, first_at, last_at, raised_at, seen_at,
    dismissed_why
)
SELECT petition, kind, subject, n, among, usual, first_at, last_at, %(now)s, %(now)s, ''
FROM unnest(
    %(petitions)s::bigint[], %(kinds)s::text[], %(subjects)s::text[], %(n)s::int[],
    %(among)s::int[], %(usual)s::float[], %(first)s::timestamptz[], %(last)s::timestamptz[]
) AS found (petition, kind, subject, n, among, usual, first_at, last_at)
ON CONFLICT (petition_id, kind, subject) DO UPDATE SET
    n = excluded.n, among = excluded.among, usual = excluded.usual, last_at = excluded.last_at,
    first_at = least(levier_alert.first_at, excluded.first_at), seen_at = excluded.seen_at
"""
GROWN = 2  # times what it was: an alert that was dismissed comes back


@transaction.atomic
def raise_alerts(*, now: datetime) -> int:
    """Write down what looks unusual in the last day; returns how many oddities there are.

    One found again has its figures brought up to date. One that the team dismissed comes back
    only when it has doubled since. Safe to run twice.
    """
    found = oddities(now=now)
    _write(found, now)
    return len(found)


@transaction.atomic
def alarm_discrepancies(*, now: datetime) -> list[Discrepancy]:
    """Write down the petitions whose tally does not say what its signatures say (P41)."""
    wrong = discrepancies()
    _write(
        [
            Oddity(
                petition=one.petition,
                kind=AlertKind.TALLY,
                subject="tally",
                n=one.told.counted + one.told.paper,
                among=one.true.counted + one.true.paper,
                usual=None,
                first_at=now,
                last_at=now,
            )
            for one in wrong
        ],
        now,
    )
    # Wrong again, or still: said again, whatever was said of it before.
    Alert.objects.filter(petition__in=[one.petition for one in wrong], kind=AlertKind.TALLY).update(
        told_at=None, dismissed_at=None, dismissed_n=None, dismissed_by=None, dismissed_why=""
    )
    return wrong


def _write(found: Sequence[Oddity], now: datetime) -> None:
    columns: dict[str, list[Any]] = {
        "petitions": [one.petition for one in found],
        "kinds": [str(one.kind) for one in found],
        "subjects": [one.subject for one in found],
        "n": [one.n for one in found],
        "among": [one.among for one in found],
        "usual": [one.usual for one in found],
        "first": [one.first_at for one in found],
        "last": [one.last_at for one in found],
    }
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, {"now": now, **columns})
    Alert.objects.filter(
        dismissed_at__isnull=False, seen_at=now, n__gte=GROWN * F("dismissed_n")
    ).exclude(kind=AlertKind.TALLY).update(
        dismissed_at=None,
        dismissed_by=None,
        dismissed_n=None,
        dismissed_why="",
        raised_at=now,
        told_at=None,
    )
