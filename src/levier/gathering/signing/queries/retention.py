"""What will be forgotten, and when: names of petitions that are over, and people after them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.models.retention import DEFAULT_MONTHS, Retention
from levier.foundation.people.queries.flags import any_agreement
from levier.gathering.signing.queries.marks import Fact, mark

MONTHS_SHOWN = 12

_PEOPLE = """
SELECT date_trunc('month', greatest(last_at + %(keep)s * interval '1 month', %(now)s)) AS month,
    count(*)
FROM levier_searchentry
WHERE organisation_id = %(organisation)s AND flags & %(agreements)s = 0
    AND NOT marks @> ARRAY[%(signed)s]::bigint[]
    AND last_at + %(keep)s * interval '1 month' < %(now)s + %(shown)s * interval '1 month'
GROUP BY 1 ORDER BY 1
"""
_PETITIONS = """
SELECT (
        SELECT title FROM levier_version WHERE petition_id = petition.id ORDER BY n DESC LIMIT 1
    ),
    coalesce(petition.closed_at, petition.closes_at)
        + coalesce(petition.retention_months, campaign.retention_months) * interval '1 month' AS at,
    tally.counted
FROM levier_petition AS petition
JOIN levier_campaign AS campaign ON campaign.id = petition.campaign_id
JOIN levier_tally AS tally ON tally.petition_id = petition.id
WHERE campaign.organisation_id = %(organisation)s
    AND coalesce(petition.closed_at, petition.closes_at) IS NOT NULL
    AND EXISTS (
        SELECT FROM levier_signature
        WHERE petition_id = petition.id AND anonymised_at IS NULL
    )
ORDER BY at
"""


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """So many people in that month, at most: who agrees to something or signs is kept."""

    month: datetime
    people: int


@dataclass(frozen=True, kw_only=True)
class Anonymised:
    """The names under one petition, on that day."""

    title: str
    at: datetime
    signatures: int


def months_kept(organisation: Organisation) -> int:
    """How long people who agreed to nothing and sign nothing are kept."""
    rule = Retention.objects.filter(organisation=organisation).first()
    return rule.months if rule else DEFAULT_MONTHS


def to_be_forgotten(organisation: Organisation, *, now: datetime) -> list[Forgotten]:
    """People by month, over the next twelve; this month's hold those who are late."""
    values: dict[str, int | datetime] = {
        "organisation": organisation.pk,
        "keep": months_kept(organisation),
        "now": now,
        "agreements": any_agreement(),
        "signed": mark(Fact.SIGNED),
        "shown": MONTHS_SHOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, values)
        return [Forgotten(month=month, people=n) for month, n in cursor.fetchall()]


def to_be_anonymised(organisation: Organisation) -> list[Anonymised]:
    """Petitions that are over, or whose end is set, and still have names (P63)."""
    with connection.cursor() as cursor:
        cursor.execute(_PETITIONS, {"organisation": organisation.pk})
        return [
            Anonymised(title=title or "", at=at, signatures=n) for title, at, n in cursor.fetchall()
        ]
