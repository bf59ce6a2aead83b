"""People who may be one and the same: found in sets, looked at by the team."""

from contextlib import suppress
from datetime import datetime

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.models.resemblance import Resemblance

FIND = "people.find_resemblances"
MOST_ALIKE = 8  # a number or a name that more people share is an office's, or a common one
LAST_FIGURES = 9  # of a telephone number: what is left without the country or the leading zero

_FIND = """
WITH living AS MATERIALIZED (
    SELECT person_id AS person, name_key, postcode FROM levier_searchentry
    WHERE organisation_id = %(organisation)s
), alike AS (
    SELECT 'email' AS by, point.person_id AS person,
        translate(split_part(split_part(point.canonical, '@', 1), '+', 1), '.-_', '')
        || '@' || regexp_replace(split_part(point.canonical, '@', 2), '\\.[a-z]+$', '') AS key
    FROM levier_contactpoint AS point
    WHERE point.organisation_id = %(organisation)s AND point.channel = 'email'
        AND point.canonical LIKE '%%@%%'
    UNION ALL
    SELECT 'phone', point.person_id, right(point.canonical, %(figures)s)
    FROM levier_contactpoint AS point
    WHERE point.organisation_id = %(organisation)s AND point.channel = 'phone'
        AND length(point.canonical) >= %(figures)s
    UNION ALL
    SELECT 'name', person, name_key || ' / ' || postcode FROM living
    WHERE postcode <> '' AND name_key LIKE '%% %%'
), grouped AS (
    SELECT by, array_agg(DISTINCT alike.person ORDER BY alike.person) AS people
    FROM alike JOIN living USING (person)
    GROUP BY by, key
    HAVING count(DISTINCT alike.person) BETWEEN 2 AND %(most)s
), pair AS (
    SELECT people[1] AS first, other AS second, array_agg(DISTINCT by ORDER BY by) AS by
    FROM grouped, unnest(people[2:]) AS other
    GROUP BY 1, 2
)
INSERT INTO levier_resemblance (organisation_id, first_id, second_id, by, found_at)
SELECT %(organisation)s, first, second, by, %(now)s FROM pair ORDER BY first, second
ON CONFLICT (first_id, second_id) DO UPDATE SET by = excluded.by, found_at = excluded.found_at
"""


@transaction.atomic
def find_resemblances(*, organisation_id: int, now: datetime) -> int:
    """Look at everybody at once, by number, by name and place, and by what is left of addresses
    without signs and endings. What is no longer so is forgotten, unless the team had answered.
    Returns how many pairs wait to be looked at."""
    mine = Resemblance.objects.filter(organisation=organisation_id, dismissed_at=None)
    values: dict[str, int | datetime] = {
        "organisation": organisation_id,
        "figures": LAST_FIGURES,
        "most": MOST_ALIKE,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FIND, values)
    mine.filter(found_at__lt=now).delete()
    return mine.count()


@transaction.atomic
def dismiss(*, resemblance: Resemblance, by: User, now: datetime) -> None:
    """They are two: the pair is not shown again. Twice is once."""
    rows = Resemblance.objects.filter(pk=resemblance.pk, dismissed_at=None)
    if rows.update(dismissed_at=now, dismissed_by=by):
        people = [resemblance.first_id, resemblance.second_id]
        body = {"act": "people.dismiss_resemblance", "people": people}
        append_audit(scope=resemblance.organisation_id, body=body, by=by.pk, now=now)


@transaction.atomic
def ask_for_resemblances(*, organisation: Organisation, by: User, now: datetime) -> None:
    """Have the worker look now, not only at night."""
    body = {"act": "people.find_resemblances"}
    append_audit(scope=organisation.pk, body=body, by=by.pk, now=now)
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(FIND, queueing_lock=f"{FIND}:{organisation.pk}").defer(
            organisation=organisation.pk
        )
