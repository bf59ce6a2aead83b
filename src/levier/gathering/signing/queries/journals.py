"""What the journals should say of signatures, and where they say otherwise (docs/decisions/70)."""

from typing import LiteralString

from django.db import connection

LINE: LiteralString = (
    "signature, petition_id, day, source, source_code, area, counted, confirmed, brought_by"
)
# The area (« place ») of the postcode of the row named `signed`, if there is a table for it.
AREA: LiteralString = """
CROSS JOIN LATERAL (
    SELECT upper(regexp_replace(signed.postcode, '[^0-9A-Za-z]', '', 'g')) AS code
) AS typed
LEFT JOIN LATERAL (
    SELECT area, high, shortest FROM levier_postcoderange
    WHERE country = signed.country AND low <= typed.code ORDER BY low DESC LIMIT 1
) AS place ON typed.code < place.high AND (
    length(typed.code) >= place.shortest OR place.area = signed.country || '-' || typed.code
)
"""
# The line each signature should have. `which` narrows it down: a condition on `signed`.
TRUE_LINES: LiteralString = """
SELECT signed.id AS signature, signed.petition_id,
    (signed.signed_at AT TIME ZONE organisation.time_zone)::date AS day,
    signed.source, signed.source_code, coalesce(place.area, signed.country) AS area,
    signed.state = 'counted' AS counted,
    signed.state = 'counted' AND signed.confirmed_at IS NOT NULL AS confirmed,
    brought.id AS brought_by
FROM levier_signature AS signed
JOIN levier_petition AS petition ON petition.id = signed.petition_id
JOIN levier_campaign AS campaign ON campaign.id = petition.campaign_id
JOIN levier_organisation AS organisation ON organisation.id = campaign.organisation_id
-- Never by a younger one, so that no loop can be; never by another petition's.
LEFT JOIN levier_signature AS brought ON brought.id = signed.referred_by_id
    AND brought.id < signed.id AND brought.petition_id = signed.petition_id
{area}WHERE {which}
""".replace("{area}", AREA)
_UNLIKE = """
WITH truth AS MATERIALIZED ({truth}),
told AS MATERIALIZED (
    SELECT {line} FROM levier_journalline WHERE signature > %(after)s AND signature <= %(last)s
)
SELECT coalesce(truth.signature, told.signature) FROM truth FULL JOIN told USING (signature)
WHERE {differ} ORDER BY 1
"""
_NEXT = """
SELECT max(id) FROM (
    (SELECT id FROM levier_signature WHERE id > %(after)s ORDER BY id LIMIT %(limit)s)
    UNION ALL
    (SELECT signature FROM levier_journalline WHERE signature > %(after)s
     ORDER BY signature LIMIT %(limit)s)
) AS following
"""
# Petitions whose counts do not add up from the lines: by day, by area, by way, by link.
_UNLIKE_LINES = """
SELECT petition_id FROM (
    SELECT petition_id, day::text, source, '' AS word, counted, confirmed FROM levier_daytally
    UNION ALL
    SELECT petition_id, day::text, source, '', -counted::int, -confirmed::int
    FROM levier_journalline WHERE counted
) AS days GROUP BY petition_id, day, source HAVING sum(counted) <> 0 OR sum(confirmed) <> 0
UNION
SELECT petition_id FROM (
    SELECT petition_id, area, counted FROM levier_areatally
    UNION ALL SELECT petition_id, area, -1 FROM levier_journalline WHERE counted
) AS areas GROUP BY petition_id, area HAVING sum(counted) <> 0
UNION
SELECT petition_id FROM (
    SELECT petition_id, source, source_code, counted FROM levier_sourcetally
    UNION ALL SELECT petition_id, source, source_code, -1 FROM levier_journalline WHERE counted
) AS ways GROUP BY petition_id, source, source_code HAVING sum(counted) <> 0
UNION
SELECT petition_id FROM (
    SELECT petition_id, signature, direct, total FROM levier_referraltally
    UNION ALL
    SELECT line.petition_id, line.brought_by, -line.counted::int,
        -(line.counted::int + coalesce(own.total - own.owed, 0))
    FROM levier_journalline AS line
    LEFT JOIN levier_referraltally AS own ON own.signature = line.signature
    WHERE line.brought_by IS NOT NULL
) AS links GROUP BY petition_id, signature HAVING sum(direct) <> 0 OR sum(total) <> 0
ORDER BY 1
"""


def differing(one: LiteralString, other: LiteralString) -> LiteralString:
    """The condition that two lines, or a line and none, are not the same."""
    columns: LiteralString = LINE
    names = columns.split(", ")
    first: LiteralString = ", ".join(f"{one}.{name}" for name in names)
    second: LiteralString = ", ".join(f"{other}.{name}" for name in names)
    return f"({first}) IS DISTINCT FROM ({second})"


def unlike_rows(*, after: int, limit: int = 50_000) -> tuple[list[int], int | None]:
    """Signatures, by id, whose line is not what it should be; among some tens of thousands after
    an id. And the id to go on from, None at the end."""
    statement = _UNLIKE.format(
        truth=TRUE_LINES.format(which="signed.id > %(after)s AND signed.id <= %(last)s"),
        line=LINE,
        differ=differing("truth", "told"),
    )
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"after": after, "limit": limit})
        (last,) = cursor.fetchone() or (None,)
        if last is None:
            return [], None
        cursor.execute(statement, {"after": after, "last": last})
        return [row[0] for row in cursor.fetchall()], last


def petitions_unlike_lines() -> list[int]:
    """Petitions whose counts do not add up from the lines: something else wrote there."""
    with connection.cursor() as cursor:
        cursor.execute(_UNLIKE_LINES)
        return [row[0] for row in cursor.fetchall()]
