"""Counting in the journals what happened to signatures (docs/decisions/70)."""

from collections.abc import Iterable, Sequence
from typing import LiteralString

from django.db import connection, transaction

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.carry import alone, carry
from levier.gathering.signing.models.journals import (
    AreaTally,
    DayTally,
    JournalLine,
    ReferralTally,
    SourceTally,
)
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.journals import LINE, TRUE_LINES, differing

AT_ONCE = 5_000
# Each tally: its table, what it is counted by, and what is counted.
_TALLIES: tuple[tuple[LiteralString, LiteralString, LiteralString], ...] = (
    ("daytally", "petition_id, day, source", "confirmed"),
    ("areatally", "petition_id, area", ""),
    ("sourcetally", "petition_id, source, source_code", ""),
)
_APPLY: LiteralString = """
WITH touched AS MATERIALIZED (SELECT DISTINCT id FROM unnest(%(ids)s::bigint[]) AS id),
truth AS MATERIALIZED ({truth}),
told AS MATERIALIZED (
    SELECT {line} FROM levier_journalline WHERE signature IN (SELECT id FROM touched)
), changed AS MATERIALIZED (
    SELECT coalesce(truth.signature, told.signature) AS id
    FROM truth FULL JOIN told USING (signature) WHERE {differ}
), step AS MATERIALIZED (
    SELECT 1 AS sign, truth.* FROM truth WHERE signature IN (SELECT id FROM changed)
    UNION ALL
    SELECT -1, told.* FROM told WHERE signature IN (SELECT id FROM changed)
), written AS (
    INSERT INTO levier_journalline ({line})
    SELECT {line} FROM step WHERE sign = 1 ORDER BY signature
    ON CONFLICT (signature) DO UPDATE SET (petition_id, day, source, source_code, area, counted,
        confirmed, brought_by) = (excluded.petition_id, excluded.day, excluded.source,
        excluded.source_code, excluded.area, excluded.counted, excluded.confirmed,
        excluded.brought_by)
), gone AS (
    DELETE FROM levier_journalline WHERE signature IN (
        SELECT id FROM changed EXCEPT SELECT signature FROM truth
    )
){tallies}, link AS MATERIALIZED (
    -- What each passed on: itself if it counts, and what had come up to it and was passed on.
    SELECT step.brought_by AS signature, step.petition_id, sum(sign * counted::int) AS direct,
        sum(sign * (counted::int + coalesce(own.total - own.owed, 0))) AS total
    FROM step LEFT JOIN levier_referraltally AS own ON own.signature = step.signature
    WHERE step.brought_by IS NOT NULL
    GROUP BY step.brought_by, step.petition_id
    HAVING sum(sign * counted::int) <> 0
        OR sum(sign * (counted::int + coalesce(own.total - own.owed, 0))) <> 0
), more_link AS (
    UPDATE levier_referraltally AS tally SET direct = tally.direct + link.direct,
        total = tally.total + link.total, owed = tally.owed + link.total
    FROM link WHERE tally.signature = link.signature
), new_link AS (
    INSERT INTO levier_referraltally (signature, petition_id, direct, total, owed)
    SELECT signature, petition_id, direct, total, total FROM link
    WHERE NOT EXISTS (
        SELECT FROM levier_referraltally AS tally WHERE tally.signature = link.signature
    )
)
SELECT count(*) FROM changed
"""
_TALLY: LiteralString = """, {name} AS MATERIALIZED (
    SELECT {keys}, sum(sign * counted::int) AS counted, sum(sign * confirmed::int) AS confirmed
    FROM step GROUP BY {keys}
    HAVING sum(sign * counted::int) <> 0 OR sum(sign * confirmed::int) <> 0
), more_{name} AS (
    UPDATE levier_{name} AS tally SET {added}
    FROM {name} AS told WHERE {same}
), new_{name} AS (
    INSERT INTO levier_{name} ({keys}, {figures})
    SELECT {keys}, {figures} FROM {name} AS told
    WHERE NOT EXISTS (SELECT FROM levier_{name} AS tally WHERE {same})
)"""


def _tally(name: LiteralString, keys: LiteralString, more: LiteralString) -> LiteralString:
    figures: list[LiteralString] = ["counted", more] if more else ["counted"]
    names: list[LiteralString] = keys.split(", ")
    return _TALLY.format(
        name=name,
        keys=keys,
        figures=", ".join(figures),
        added=", ".join(f"{figure} = tally.{figure} + told.{figure}" for figure in figures),
        same=" AND ".join(f"tally.{key} = told.{key}" for key in names),
    )


APPLY: LiteralString = _APPLY.format(
    truth=TRUE_LINES.format(which="signed.id IN (SELECT id FROM touched)"),
    line=LINE,
    differ=differing("truth", "told"),
    tallies="".join(_tally(*tally) for tally in _TALLIES),
)


@transaction.atomic
def journal(*, signature_ids: Iterable[int]) -> int:
    """Count these signatures as they are now. Once or ten times, in any order, is the same.

    Returns how many had changed since they were last counted. What it means for those who brought
    them is passed on by `carry`.
    """
    alone()
    return _apply(sorted(set(signature_ids)))


@transaction.atomic
def rebuild_journals(*, petition: Petition) -> int:
    """Make the journals of a petition again from its signatures; nobody reads them half-made.
    Returns how many signatures were counted."""
    alone()
    for model in (JournalLine, DayTally, AreaTally, SourceTally, ReferralTally):
        model._default_manager.filter(petition=petition).delete()
    done, last = 0, 0
    rows = Signature.objects.filter(petition=petition).order_by("pk")
    while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        done, last = done + _apply(ids), ids[-1]
    while carry():
        continue
    return done


def _apply(ids: Sequence[int]) -> int:
    changed = 0
    with connection.cursor() as cursor:
        for first in range(0, len(ids), AT_ONCE):
            cursor.execute(APPLY, {"ids": list(ids[first : first + AT_ONCE])})
            changed += (cursor.fetchone() or (0,))[0]
    return changed
