"""What an undone import leaves of people: those it alone brought are forgotten, and what it said
of the others is taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from django.db import connection

# Brought by this import, and nothing else ever happened between them and the organisation.
_ALONE: LiteralString = """
SELECT person.id FROM levier_person AS person
WHERE person.id = ANY(%(people)s) AND person.created_at = %(since)s AND person.erased_at IS NULL
    AND NOT EXISTS (
        SELECT FROM levier_activity AS done
        WHERE done.person_id = person.id AND done.subject <> ALL(%(subjects)s)
    )
    AND NOT EXISTS (SELECT FROM levier_consentstate WHERE person_id = person.id AND given)
    AND NOT EXISTS (SELECT FROM levier_person AS other WHERE other.merged_into_id = person.id)
"""
_FORGET_CONSENTS: LiteralString = """
WITH gone AS (
    DELETE FROM levier_consent WHERE person_id = ANY(%(people)s) AND source = %(source)s
    RETURNING id, person_id, channel, purpose, scope
), touched AS (
    SELECT DISTINCT person_id, channel, purpose, scope FROM gone
), latest AS (
    SELECT DISTINCT ON (person_id, channel, purpose, scope)
        person_id, channel, purpose, scope, given, at
    FROM levier_consent JOIN touched USING (person_id, channel, purpose, scope)
    WHERE id NOT IN (SELECT id FROM gone)
    ORDER BY person_id, channel, purpose, scope, at DESC, id DESC
), moved AS (
    UPDATE levier_consentstate AS state SET given = latest.given, at = latest.at
    FROM latest WHERE (state.person_id, state.channel, state.purpose, state.scope)
        = (latest.person_id, latest.channel, latest.purpose, latest.scope)
)
DELETE FROM levier_consentstate AS state USING touched
WHERE (state.person_id, state.channel, state.purpose, state.scope)
    = (touched.person_id, touched.channel, touched.purpose, touched.scope)
    AND NOT EXISTS (
        SELECT FROM latest WHERE (latest.person_id, latest.channel, latest.purpose, latest.scope)
            = (state.person_id, state.channel, state.purpose, state.scope)
    )
"""


def people_with_nothing_else(
    *, person_ids: Sequence[int], since: datetime, subjects: Sequence[str]
) -> list[int]:
    """Among these people, those an import brought (`since` is its moment) and who did, received
    and agreed to nothing but what the subjects name."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "people": list(person_ids),
            "since": since,
            "subjects": list(subjects),
        }
        cursor.execute(_ALONE, values)
        return [row[0] for row in cursor.fetchall()]


def forget_consents(*, person_ids: Sequence[int], source: str) -> None:
    """Take back the agreements a file had brought: what people had said before stands again."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_CONSENTS, {"people": list(person_ids), "source": source})
