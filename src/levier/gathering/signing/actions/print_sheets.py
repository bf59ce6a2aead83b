from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.errors import PaperClosed, TooManySheets
from levier.gathering.signing.models.paper import HIGHEST_SHEET, LONGEST_RUN, PaperRun
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.paper import next_sheet, takes_paper


@transaction.atomic
def print_sheets(*, petition: Petition, sheets: int, by: User, now: datetime) -> PaperRun:
    """Take the next numbers for sheets to print: none is ever given twice, nor one that somebody
    wrote by hand on a sheet already entered. Raises TooManySheets."""
    if petition.version is None or not takes_paper(petition, now=now):
        raise PaperClosed
    Tally.objects.select_for_update().get(petition=petition)
    first = next_sheet(petition.pk)
    last = first + sheets - 1
    if not 1 <= sheets <= LONGEST_RUN or last > HIGHEST_SHEET:
        raise TooManySheets
    run = PaperRun.objects.create(
        petition=petition,
        version=petition.version,
        first=first,
        last=last,
        printed_by=by,
        printed_at=now,
    )
    body = {"act": "print_sheets", "petition": str(petition.uuid), "first": first, "last": last}
    append_audit(scope=petition.campaign.organisation_id, body=body, by=by.pk, now=now)
    return run
