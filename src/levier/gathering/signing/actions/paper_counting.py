"""How many paper lines count. A person counts once on a petition, online first (P55)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from levier.foundation.people.enums import Channel
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.goals import crossed
from levier.gathering.signing.enums import PaperLineState
from levier.gathering.signing.models.paper import PaperLine, PaperSheet
from levier.gathering.signing.models.tally import Tally

# What each line with an address should be: « online » when a signature of the same person counts or
# was withdrawn by its owner; « counted » for one line of the others, « twice » for the rest. A
# person is all the mailboxes of one card, or a mailbox that no card has. A signature once found
# stays the reason although its owner moved to another address since.
_CHANGED = """
WITH asked AS MATERIALIZED (
    SELECT unnest(%(canonicals)s::text[]) AS canonical
    UNION
    SELECT other.canonical FROM levier_contactpoint AS point
    JOIN levier_contactpoint AS other
        ON other.person_id = point.person_id AND other.channel = 'email'
    WHERE point.channel = 'email' AND point.canonical = ANY(%(canonicals)s)
), line AS MATERIALIZED (
    SELECT line.id, line.petition_id, line.sheet_id, line.canonical, line.state, line.signature_id,
        coalesce(found.id, kept.id) AS online,
        coalesce(point.person_id::text, line.canonical) AS who
    FROM levier_paperline AS line
    JOIN levier_petition AS petition ON petition.id = line.petition_id
    JOIN levier_campaign AS campaign ON campaign.id = petition.campaign_id
    LEFT JOIN levier_signature AS kept ON kept.id = line.signature_id AND (
        kept.state = 'counted' OR (kept.state = 'withdrawn' AND kept.reason = '')
    )
    LEFT JOIN levier_contactpoint AS point
        ON point.organisation_id = campaign.organisation_id AND point.channel = 'email'
        AND point.canonical = line.canonical
    LEFT JOIN LATERAL (
        SELECT signature.id FROM levier_signature AS signature
        WHERE signature.person_id = point.person_id AND signature.petition_id = line.petition_id
            AND (
                signature.state = 'counted'
                OR (signature.state = 'withdrawn' AND signature.reason = '')
            )
        ORDER BY signature.state, signature.id LIMIT 1
    ) AS found ON true
    WHERE line.canonical <> '' AND line.state <> 'withdrawn'
        AND (%(petition)s::bigint IS NULL OR line.petition_id = %(petition)s)
        AND (
            %(canonicals)s::text[] IS NULL OR line.canonical IN (SELECT canonical FROM asked)
        )
), judged AS (
    SELECT line.*, max(online) OVER person AS reason, row_number() OVER (
        PARTITION BY petition_id, who ORDER BY state <> 'counted', id
    ) AS turn
    FROM line WINDOW person AS (PARTITION BY petition_id, who)
), wanted AS (
    SELECT id, petition_id, sheet_id, canonical, state, signature_id, reason,
        CASE WHEN reason IS NOT NULL THEN 'online' WHEN turn = 1 THEN 'counted' ELSE 'twice' END
            AS becomes
    FROM judged
)
SELECT id, petition_id, sheet_id, canonical, becomes, reason FROM wanted
WHERE state <> becomes OR signature_id IS DISTINCT FROM reason
"""
_BECOME = """
UPDATE levier_paperline AS line SET state = %(state)s, signature_id = changed.signature
FROM unnest(%(ids)s::bigint[], %(signatures)s::bigint[]) AS changed (id, signature)
WHERE line.id = changed.id
"""


class Change(NamedTuple):
    """A line that is not what it should be."""

    line: int
    petition: int
    sheet: int
    canonical: str
    becomes: str
    signature: int | None


def changes(
    *, petition: int | None = None, canonicals: Collection[str] | None = None
) -> list[Change]:
    """Lines to be judged anew: of one petition or all, of some mailboxes or all."""
    wanted = None if canonicals is None else sorted(canonicals)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"petition": petition, "canonicals": wanted})
        return [Change(*row) for row in cursor.fetchall()]


def settle(
    petition: Petition,
    tally: Tally,
    *,
    canonicals: Collection[str],
    sheets: Iterable[int] = (),
    now: datetime,
) -> int:
    """Judge the lines of the people who have these mailboxes, make the figures of their sheets,
    and of `sheets`, again, and move the tally, which the caller has locked. Returns by how many
    the paper count moved."""
    found = changes(petition=petition.pk, canonicals=canonicals)
    for state in (PaperLineState.ONLINE, PaperLineState.TWICE, PaperLineState.COUNTED):
        _become(state, [change for change in found if change.becomes == state])
    touched = {*sheets, *(change.sheet for change in found)}
    _figures_again(touched)
    return _move(petition, tally, now)


def settle_people(people: Iterable[Person], *, now: datetime) -> None:
    """The same on every petition where these people signed on paper. The caller has locked all
    tallies of their organisation."""
    points = ContactPoint.objects.filter(person__in=people, channel=Channel.EMAIL)
    mailboxes = dict(points.values_list("canonical", "organisation"))
    lines = PaperLine.objects.filter(
        canonical__in=mailboxes, petition__campaign__organisation__in=set(mailboxes.values())
    )
    tallies = Tally.objects.filter(petition__in=lines.values("petition")).order_by("pk")
    for tally in tallies.select_related("petition"):
        settle(tally.petition, tally, canonicals=mailboxes, now=now)


def settle_apart(people: Collection[Person], *, now: datetime) -> None:
    """The same once two cards are parted: what one signed online is no reason for the other."""
    for one in people:
        points = ContactPoint.objects.filter(person=one, channel=Channel.EMAIL)
        others = [other.pk for other in people if other.pk != one.pk]
        lines = PaperLine.objects.filter(
            canonical__in=points.values("canonical"),
            petition__campaign__organisation=one.organisation_id,
        )
        lines.filter(signature__person__in=others).update(signature=None)
    settle_people(people, now=now)


def _become(state: PaperLineState, found: Collection[Change]) -> None:
    """Leaving the count before entering it: a mailbox never counts twice, not even in between."""
    if found:
        values: dict[str, str | list[int] | list[int | None]] = {
            "state": state.value,
            "ids": [change.line for change in found],
            "signatures": [change.signature for change in found],
        }
        with connection.cursor() as cursor:
            cursor.execute(_BECOME, values)


def _figures_again(sheets: Collection[int]) -> None:
    rows = PaperLine.objects.filter(sheet__in=sheets).values_list("sheet", "state")
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for sheet, state in rows:
        found[sheet][state] += 1
    kept = list(PaperSheet.objects.filter(pk__in=sheets))
    for one in kept:
        states = found[one.pk]
        one.lines, one.counted = states.total(), states[PaperLineState.COUNTED]
        one.already_online = states[PaperLineState.ONLINE]
        one.twice = states[PaperLineState.TWICE]
    PaperSheet.objects.bulk_update(kept, ["lines", "counted", "already_online", "twice"])


def _move(petition: Petition, tally: Tally, now: datetime) -> int:
    """The tally's paper is what the sheets say; a threshold passed on the way up is a milestone."""
    paper = PaperSheet.objects.filter(petition=petition).aggregate(n=Sum("counted"))["n"] or 0
    moved: int = paper - tally.paper
    if moved:
        before = tally.counted + tally.paper
        tally.paper, tally.updated_at = paper, now
        tally.save(update_fields=["paper", "updated_at"])
        reached = crossed(before, tally.counted + paper, petition.fixed_goal)
        Milestone.objects.bulk_create(
            [Milestone(petition=petition, threshold=n, reached_at=now) for n in reached],
            ignore_conflicts=True,
        )
    return moved
