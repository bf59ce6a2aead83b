"""The search entries of people, written again from what is true now."""

from collections.abc import Iterator, Sequence
from functools import cache

import orjson
from django.db import connection, transaction

from levier.foundation.common.folding import name_key
from levier.foundation.people.enums import GESTURES, REACHABLE
from levier.foundation.people.models.person import Person
from levier.foundation.people.models.search import NAME_KEY_LENGTH
from levier.foundation.people.queries.flags import agreement_bits, reachable_bits
from levier.foundation.people.queries.marks import MarkSource
from levier.foundation.people.queries.words import with_beginnings, words_of_person

AT_ONCE = 1_000

_KNOWN = """
SELECT person.id, person.first_name, person.last_name, person.postcode,
    array(
        SELECT point.typed FROM levier_contactpoint AS point
        WHERE point.person_id = person.id AND point.typed <> '' AND point.state <> 'pending'
    ),
    array(
        SELECT former.first_name || ' ' || former.last_name FROM levier_person AS former
        WHERE former.merged_into_id = person.id
        {names}
    )
FROM levier_person AS person
WHERE person.id = ANY(%s) AND person.merged_into_id IS NULL AND person.erased_at IS NULL
ORDER BY person.id
"""
_WRITE = """
INSERT INTO levier_searchentry AS entry (
    person_id, organisation_id, name_key, postcode, country, since, last_at, flags, tags, marks
)
SELECT person.id, person.organisation_id, given.name_key, replace(person.postcode, ' ', ''),
    person.country, person.created_at,
    greatest(person.created_at, (
        SELECT max(at) FROM levier_activity
        WHERE person_id = person.id AND kind = ANY(%(gestures)s)
    ), (
        SELECT max(at) FROM levier_person AS former
        JOIN levier_activity ON person_id = former.id AND kind = ANY(%(gestures)s)
        WHERE former.merged_into_id = person.id
    )),
    coalesce((
        SELECT bit_or(known.bit) FROM levier_consentstate AS state
        JOIN (VALUES {agreements}) AS known (channel, purpose, bit) USING (channel, purpose)
        WHERE state.person_id = person.id AND state.given
    ), 0) | coalesce((
        SELECT bit_or(known.bit) FROM levier_contactpoint AS point
        JOIN (VALUES {ways}) AS known (channel, bit) USING (channel)
        WHERE point.person_id = person.id AND point.state = ANY(%(reachable)s)
    ), 0),
    array(SELECT tag_id FROM levier_persontag WHERE person_id = person.id ORDER BY tag_id),
    {marks}
FROM json_to_recordset(%(given)s::json) AS given (id bigint, name_key text)
JOIN levier_person AS person USING (id)
WHERE person.merged_into_id IS NULL AND person.erased_at IS NULL
ORDER BY person.id
ON CONFLICT (person_id) DO UPDATE SET
    name_key = excluded.name_key, postcode = excluded.postcode, country = excluded.country,
    last_at = excluded.last_at, flags = excluded.flags, tags = excluded.tags, marks = {kept}
WHERE (entry.name_key, entry.postcode, entry.country, entry.last_at, entry.flags, entry.tags,
    entry.marks)
    IS DISTINCT FROM (excluded.name_key, excluded.postcode, excluded.country, excluded.last_at,
    excluded.flags, excluded.tags, {kept})
"""
_WRITE_WORDS = """
INSERT INTO levier_searchwords AS known (person_id, organisation_id, words)
SELECT person.id, person.organisation_id, array_to_tsvector(string_to_array(given.words, ' '))
FROM json_to_recordset(%(given)s::json) AS given (id bigint, words text)
JOIN levier_person AS person USING (id)
WHERE person.merged_into_id IS NULL AND person.erased_at IS NULL
ORDER BY person.id
ON CONFLICT (person_id) DO UPDATE SET words = excluded.words WHERE known.words <> excluded.words
"""
_GONE = """
WITH gone AS MATERIALIZED (
    SELECT id FROM unnest(%(ids)s::bigint[]) AS asked (id) WHERE NOT EXISTS (
        SELECT FROM levier_person AS person
        WHERE person.id = asked.id AND merged_into_id IS NULL AND erased_at IS NULL
    )
), unsaid AS (
    DELETE FROM levier_searchwords USING gone WHERE person_id = gone.id
)
DELETE FROM levier_searchentry USING gone WHERE person_id = gone.id
"""


@transaction.atomic
def index_people(
    *, person_ids: Sequence[int], sources: Sequence[MarkSource] = (), alone: bool = False
) -> int:
    """Write the entries of these people as they are now, and take away those of people merged or
    erased. Without sources the marks stay what they were. `alone` leaves out those whose marks
    move with theirs, for who writes everybody's. Returns how many people were looked at.
    """
    others = () if alone else _concerned(person_ids, sources)
    ids = sorted({*person_ids, *others})
    for first in range(0, len(ids), AT_ONCE):
        _index(ids[first : first + AT_ONCE], sources)
    return len(ids)


def everyone(*, after: int, limit: int = AT_ONCE) -> list[int]:
    """The ids of the next people, whoever they are, to write all entries again."""
    found = Person.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return list(found[:limit])


def _concerned(person_ids: Sequence[int], sources: Sequence[MarkSource]) -> Iterator[int]:
    for source in sources:
        if source.concerned:
            with connection.cursor() as cursor:
                cursor.execute(source.concerned, {"ids": list(person_ids)})
                yield from (row[0] for row in cursor.fetchall() if row[0] is not None)


def _index(ids: Sequence[int], sources: Sequence[MarkSource]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_known(tuple(source.names for source in sources)), [list(ids)])
        given = [
            {
                "id": pk,
                "words": " ".join(
                    with_beginnings(
                        words_of_person(
                            names=(first, last, *former), addresses=typed, postcode=postcode
                        )
                    )
                ),
                "name_key": name_key(first, last)[:NAME_KEY_LENGTH],
            }
            for pk, first, last, postcode, typed, former in cursor.fetchall()
        ]
        written = {"given": orjson.dumps(given).decode()}
        cursor.execute(_WRITE_WORDS, written)
        cursor.execute(
            _statement(tuple(source.marks for source in sources)),
            {
                **written,
                "gestures": sorted(GESTURES),
                "reachable": sorted(REACHABLE),
            },
        )
        cursor.execute(_GONE, {"ids": list(ids)})


@cache
def _known(names: tuple[str, ...]) -> str:
    return _KNOWN.format(names="".join(f"UNION {one}" for one in names if one))


@cache
def _statement(marks: tuple[str, ...]) -> str:
    told = " UNION ".join(marks)
    given = f"array(SELECT * FROM ({told}) AS told (mark) ORDER BY mark)"  # noqa: S608 - constants
    return _WRITE.format(
        agreements=", ".join(f"('{c}', '{p}', {bit})" for c, p, bit in agreement_bits()),
        ways=", ".join(f"('{channel}', {bit})" for channel, bit in reachable_bits()),
        marks=given if marks else "'{}'::bigint[]",
        kept="excluded.marks" if marks else "entry.marks",
    )
