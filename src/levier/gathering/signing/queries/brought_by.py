"""What links brought: to the person whose link it is, and to the team (P46)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.journals import JournalLine, ReferralTally, SourceTally
from levier.gathering.signing.models.signature import Signature

LEADERS = 25
PER_PAGE = 50
SOURCES = 100
ABOVE = 5  # links told above a signature
# A person's own signatures that count and hang below another of theirs on the same petition:
# signed, withdrawn, signed again by a link that came from one's own. Walked up from the younger,
# and only for who signed a petition more than once.
_OWN_BELOW = """
WITH RECURSIVE own AS MATERIALIZED (
    SELECT id, petition_id, person_id, state FROM levier_signature
    WHERE person_id = ANY(%(people)s)
), again AS MATERIALIZED (
    SELECT own.id, own.person_id FROM own WHERE state = %(counted)s AND EXISTS (
        SELECT FROM own AS older WHERE older.petition_id = own.petition_id
            AND older.person_id = own.person_id AND older.id < own.id
    )
), up (person_id, at, steps) AS (
    SELECT person_id, id, 0 FROM again
    UNION ALL
    SELECT up.person_id, line.brought_by, up.steps + 1
    FROM up JOIN levier_journalline AS line ON line.signature = up.at
    WHERE line.brought_by IS NOT NULL
)
SELECT at, count(*) FILTER (WHERE steps = 1), count(*)
FROM up JOIN own ON own.id = up.at AND own.person_id = up.person_id
WHERE steps > 0 GROUP BY at
"""
_ABOVE = """
WITH RECURSIVE up (at, steps) AS (
    SELECT brought_by, 1 FROM levier_journalline WHERE signature = %(signature)s
    UNION ALL
    SELECT line.brought_by, steps + 1
    FROM up JOIN levier_journalline AS line ON line.signature = up.at
    WHERE steps < %(most)s
)
SELECT at FROM up WHERE at IS NOT NULL ORDER BY steps DESC
"""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """Signatures that count and came by a link."""

    direct: int = 0
    total: int = 0  # with those that came by the links of those, and so on

    @property
    def further(self) -> int:
        """Those that came by the links of others."""
        return self.total - self.direct


NOTHING = Brought()


@dataclass(frozen=True, kw_only=True)
class Referrer:
    """A signature and what its link brought."""

    signature: Signature
    brought: Brought


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A signature, whose link brought it, and whom its own link brought."""

    top: Referrer
    above: Sequence[Signature]  # the nearest last
    below: Sequence[Referrer]  # one page
    more: int | None  # the last of the page, when others follow


@dataclass(frozen=True, kw_only=True)
class SourceCount:
    """A way signatures come by."""

    source: str
    source_code: str
    counted: int


def brought_by(people: Iterable[int]) -> dict[int, Brought]:
    """By signature of these people: what its link brought, themselves left out wherever they are.
    Two statements, whatever was brought."""
    ids = sorted(set(people))
    mine = Signature.objects.filter(person__in=ids).values("pk")
    tallies = {row.pk: row for row in ReferralTally.objects.filter(signature__in=mine)}
    with connection.cursor() as cursor:
        cursor.execute(_OWN_BELOW, {"people": ids, "counted": SignatureState.COUNTED})
        own = {at: (direct, total) for at, direct, total in cursor.fetchall()}
    return {
        pk: Brought(
            direct=max(tally.direct - own.get(pk, (0, 0))[0], 0),
            total=max(tally.total - own.get(pk, (0, 0))[1], 0),
        )
        for pk, tally in tallies.items()
    }


def leaders(petition: Petition) -> list[Referrer]:
    """Whose links brought the most, twenty-five at most. Two statements."""
    rows = ReferralTally.objects.filter(petition=petition, total__gt=0)
    tallies = list(rows.order_by("-total", "-direct", "signature")[:LEADERS])
    found = Signature.objects.in_bulk([tally.pk for tally in tallies])
    return [
        Referrer(signature=found[tally.pk], brought=_told(tally))
        for tally in tallies
        if tally.pk in found
    ]


def sources_of(petition: Petition) -> list[SourceCount]:
    """The ways signatures came by, the most first, a hundred at most."""
    rows = SourceTally.objects.filter(petition=petition, counted__gt=0)
    return [
        SourceCount(source=row.source, source_code=row.source_code, counted=row.counted)
        for row in rows.order_by("-counted", "source", "source_code")[:SOURCES]
    ]


def branch_of(petition: Petition, signature: int, *, after: int = 0) -> Branch | None:
    """One signature of a petition in the tree, with a page of those its link brought and that
    count, the first first. None for another petition's. As many statements for one as for all."""
    top = Signature.objects.filter(petition=petition, pk=signature).first()
    if top is None:
        return None
    lines = JournalLine.objects.filter(brought_by=top.pk, signature__gt=after, counted=True)
    ids = list(lines.order_by("signature").values_list("signature", flat=True)[: PER_PAGE + 1])
    shown = ids[:PER_PAGE]
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"signature": top.pk, "most": ABOVE})
        above = [row[0] for row in cursor.fetchall()]
    found = Signature.objects.in_bulk([*above, *shown])
    tallies = ReferralTally.objects.in_bulk([top.pk, *shown])
    brought = {pk: _told(tally) for pk, tally in tallies.items()}
    return Branch(
        top=Referrer(signature=top, brought=brought.get(top.pk, NOTHING)),
        above=[found[pk] for pk in above if pk in found],
        below=[
            Referrer(signature=found[pk], brought=brought.get(pk, NOTHING))
            for pk in shown
            if pk in found
        ],
        more=shown[-1] if len(ids) > PER_PAGE else None,
    )


def _told(tally: ReferralTally) -> Brought:
    return Brought(direct=tally.direct, total=tally.total)
