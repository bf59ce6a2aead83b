from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.signing.actions.paper_counting import settle
from levier.gathering.signing.actions.paper_lines import Line, agree, meet, write_lines
from levier.gathering.signing.errors import PaperClosed, SheetTaken
from levier.gathering.signing.models.paper import PaperRun, PaperSheet
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.paper import takes_paper


@transaction.atomic
def enter_sheet(
    *, petition: Petition, number: int, lines: Sequence[Line], by: User, now: datetime
) -> PaperSheet:
    """Count the lines of a sheet that came back, once for good (P55). No number is taken (P56).

    Of two people who enter the same sheet at once, one has it done and the other gets SheetTaken.
    Raises PaperClosed once names are not to be kept any more.
    """
    if petition.version is None or not takes_paper(petition, now=now):
        raise PaperClosed
    people = meet(petition.campaign.organisation, lines, now=now)
    tally = Tally.objects.select_for_update().get(petition=petition)
    taken = PaperSheet.objects.select_related("entered_by")
    if (there := taken.filter(petition=petition, number=number).first()) is not None:
        who = str(there.entered_by or "")
        raise SheetTaken(sheet=number, who=who, at=there.entered_at)
    sheet = PaperSheet.objects.create(
        petition=petition,
        version=_words_printed(petition, number) or petition.version,
        number=number,
        entered_by=by,
        entered_at=now,
    )
    write_lines(sheet, lines, people)
    canonicals = {line.canonical for line in lines} - {""}
    settle(petition, tally, canonicals=canonicals, sheets=[sheet.pk], now=now)
    agree(sheet, lines, people, now=now)
    sheet.refresh_from_db(fields=["lines", "counted", "already_online", "twice"])
    audit_sheet(sheet, "enter_sheet", by, now)
    return sheet


def audit_sheet(sheet: PaperSheet, act: str, by: User, now: datetime) -> None:
    """Write the gesture in the organisation's log, figures only."""
    body = {
        "act": act,
        "petition": str(sheet.petition.uuid),
        "sheet": sheet.number,
        "lines": sheet.lines,
        "counted": sheet.counted,
    }
    append_audit(scope=sheet.petition.campaign.organisation_id, body=body, by=by.pk, now=now)


def _words_printed(petition: Petition, number: int) -> Version | None:
    """The words people had before their eyes (P6), on a sheet that we numbered."""
    runs = PaperRun.objects.filter(petition=petition, first__lte=number, last__gte=number)
    run = runs.select_related("version").first()
    return run.version if run else None
