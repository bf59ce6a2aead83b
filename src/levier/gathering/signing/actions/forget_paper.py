"""Paper lines lose what tells whose they are; what they count for stays, unless it leaves too."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Case, QuerySet, Value, When

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.keep_scan import drop_scans
from levier.gathering.signing.actions.paper_counting import settle
from levier.gathering.signing.enums import PaperLineState
from levier.gathering.signing.models.paper import PaperLine, PaperSheet
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.journals import AREA

AT_ONCE = 5_000
NOBODY = {
    **dict.fromkeys(("first_name", "last_name", "email", "canonical"), ""),
    "consent": False,
    "person": None,
}
# As for signatures: a postcode becomes the code of its area, or nothing.
_LOSE = """
WITH due AS (
    SELECT line.id, line.person_id
    FROM levier_petition AS petition
    JOIN levier_campaign AS campaign ON campaign.id = petition.campaign_id
    JOIN levier_paperline AS line ON line.petition_id = petition.id
    WHERE coalesce(petition.closed_at, petition.closes_at)
          + coalesce(petition.retention_months, campaign.retention_months) * interval '1 month'
          <= %(now)s
      AND line.anonymised_at IS NULL
    LIMIT %(at_most)s
    FOR NO KEY UPDATE OF line SKIP LOCKED
)
UPDATE levier_paperline AS line
SET first_name = '', last_name = '', email = '', canonical = '', consent = false,
    person_id = NULL, anonymised_at = %(now)s,
    postcode = coalesce(split_part(place.area, '-', 2), '')
FROM due JOIN levier_paperline AS signed ON signed.id = due.id {area}
WHERE due.id = line.id
RETURNING due.person_id, line.sheet_id
""".replace("{area}", AREA)


def forget_paper_lines(lines: QuerySet[PaperLine], *, withdraw_too: bool, now: datetime) -> None:
    """Blank these lines for somebody who asked, in the caller's transaction, which has locked the
    tallies. `withdraw_too` takes them out of the count. The scans of their sheets, where the hand
    can be read, are deleted."""
    found = list(lines.values_list("pk", "sheet_id", "petition_id"))
    gone = PaperLine.objects.filter(pk__in=[pk for pk, _, _ in found])
    sheets = PaperSheet.objects.filter(pk__in={sheet for _, sheet, _ in found})
    forget_scans(sheets)
    leaving = Case(
        When(state=PaperLineState.COUNTED, then=Value(PaperLineState.WITHDRAWN)), default="state"
    )
    state = {"state": leaving} if withdraw_too else {}
    gone.update(**NOBODY, **state, postcode="", country="", anonymised_at=now)
    for petition_id in sorted({petition for _, _, petition in found}):
        petition = Petition.objects.select_related("campaign").get(pk=petition_id)
        own = [sheet for _, sheet, place in found if place == petition_id]
        tally = Tally.objects.select_for_update().get(petition=petition)
        settle(petition, tally, canonicals=(), sheets=own, now=now)


@transaction.atomic
def anonymise_paper_due(*, now: datetime, at_most: int = AT_ONCE) -> tuple[int, set[int]]:
    """Lines of petitions closed long enough ago lose name and address, their sheets the scan (P63);
    place and count stay. Returns how many, and the people they named: call again until none is."""
    with connection.cursor() as cursor:
        cursor.execute(_LOSE, {"now": now, "at_most": at_most})
        rows = cursor.fetchall()
    forget_scans(PaperSheet.objects.filter(pk__in={sheet for _, sheet in rows}))
    return len(rows), {person for person, _ in rows if person is not None}


def forget_scans(sheets: QuerySet[PaperSheet]) -> None:
    """Delete the scans of these sheets."""
    with_one = sheets.exclude(scan="")
    drop_scans(list(with_one))
    with_one.update(scan="")


def petitions_of(lines: QuerySet[PaperLine]) -> Collection[int]:
    """The petitions whose tallies these lines touch."""
    return set(lines.values_list("petition_id", flat=True))
