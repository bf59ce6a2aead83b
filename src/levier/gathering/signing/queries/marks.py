"""What signatures say of people, as numbers that the search entries keep (people.SearchEntry)."""

from enum import IntEnum

from levier.foundation.people.queries.marks import MarkSource
from levier.gathering.signing.enums import SignatureSource

ANY = 0  # instead of a petition's id: on whichever petition
_ROOM = 32  # facts about one petition


class Fact(IntEnum):
    """What may be true of a person about a petition. Written in rows: a number never moves."""

    SIGNED = 1  # and the signature stands
    CONFIRMED = 2
    COMMENTED = 3
    BROUGHT = 8  # somebody whose signature counts
    BROUGHT_3 = 9
    BROUGHT_10 = 10
    BROUGHT_50 = 11
    BY_WEB = 16
    BY_EMBED = 17
    BY_API = 18
    BY_IMPORT = 19


BROUGHT = {1: Fact.BROUGHT, 3: Fact.BROUGHT_3, 10: Fact.BROUGHT_10, 50: Fact.BROUGHT_50}
BY_SOURCE = {
    SignatureSource.WEB: Fact.BY_WEB,
    SignatureSource.EMBED: Fact.BY_EMBED,
    SignatureSource.API: Fact.BY_API,
    SignatureSource.IMPORT: Fact.BY_IMPORT,
}


def mark(fact: Fact, petition: int = ANY) -> int:
    """The number of a fact about a petition, or about any."""
    return petition * _ROOM + fact


SIGNATURE_MARKS = MarkSource(
    marks="""
SELECT mark FROM levier_signature AS own, LATERAL unnest(ARRAY[
    1, own.petition_id * 32 + 1,
    CASE WHEN own.confirmed_at IS NOT NULL THEN 2 END,
    CASE WHEN own.confirmed_at IS NOT NULL THEN own.petition_id * 32 + 2 END,
    CASE own.source WHEN 'web' THEN 16 WHEN 'embed' THEN 17 WHEN 'api' THEN 18
        WHEN 'import' THEN 19 END
]::bigint[]) AS mark
WHERE own.person_id = person.id AND own.state IN ('pending', 'counted', 'held')
    AND mark IS NOT NULL
UNION
SELECT mark FROM levier_comment AS said, LATERAL unnest(ARRAY[
    3, said.petition_id * 32 + 3
]::bigint[]) AS mark
WHERE said.person_id = person.id
UNION
SELECT mark FROM (
    SELECT count(*) AS n FROM levier_signature AS own
    JOIN levier_signature AS brought ON brought.referred_by_id = own.id
    WHERE own.person_id = person.id AND brought.state = 'counted'
        AND brought.person_id IS DISTINCT FROM person.id
) AS counted, (VALUES (8, 1), (9, 3), (10, 10), (11, 50)) AS step (mark, least)
WHERE counted.n >= step.least
""",
    # Name and postcode as typed when signing, which may not be what was known before (P21).
    names="""
SELECT own.first_name || ' ' || own.last_name || ' ' || replace(own.postcode, ' ', '')
FROM levier_signature AS own
WHERE own.person_id = person.id
""",
    # Whose link brought them: what it brought is counted again.
    concerned="""
SELECT DISTINCT own.person_id FROM levier_signature AS brought
JOIN levier_signature AS own ON own.id = brought.referred_by_id
WHERE brought.person_id = ANY(%(ids)s)
""",
)
