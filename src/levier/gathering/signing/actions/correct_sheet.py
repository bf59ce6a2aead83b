from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import User
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.enter_sheet import audit_sheet
from levier.gathering.signing.actions.keep_scan import drop_scans
from levier.gathering.signing.actions.paper_counting import settle
from levier.gathering.signing.actions.paper_lines import Line, agree, leave, meet, write_lines
from levier.gathering.signing.errors import PaperClosed
from levier.gathering.signing.models.paper import PaperLine, PaperSheet
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.paper import takes_paper


@transaction.atomic
def correct_sheet(
    *,
    sheet: PaperSheet,
    lines: Sequence[Line] = (),
    removed: Collection[int] = (),
    by: User,
    now: datetime,
) -> PaperSheet:
    """Write lines anew, add some, take some away (by position); the count follows.

    What was agreed to by a line that names somebody else now, or whose box is not ticked after
    all, ends. Raises PaperClosed once names are not to be kept any more.
    """
    petition = _petition_of(sheet)
    if not takes_paper(petition, now=now):
        raise PaperClosed
    people = meet(petition.campaign.organisation, lines, now=now)
    tally = Tally.objects.select_for_update().get(petition=petition)
    sheet = PaperSheet.objects.select_related("petition__campaign__organisation").get(pk=sheet.pk)
    old = list(_at(sheet, [line.position for line in lines], removed))
    had = {line.position: line.person for line in old if line.person is not None}
    PaperLine.objects.filter(sheet=sheet, position__in=removed).delete()
    write_lines(sheet, lines, people)
    canonicals = {*(line.canonical for line in lines), *(line.canonical for line in old)} - {""}
    settle(petition, tally, canonicals=canonicals, sheets=[sheet.pk], now=now)
    _change_agreements(sheet, lines, people, had, now)
    PaperSheet.objects.filter(pk=sheet.pk).update(corrected_at=now)
    sheet.refresh_from_db(fields=["lines", "counted", "already_online", "twice", "corrected_at"])
    audit_sheet(sheet, "correct_sheet", by, now)
    return sheet


@transaction.atomic
def remove_sheet(*, sheet: PaperSheet, by: User, now: datetime) -> None:
    """Take a whole sheet away, entered by mistake: its number may be entered again."""
    petition = _petition_of(sheet)
    positions = PaperLine.objects.filter(sheet=sheet).values_list("position", flat=True)
    sheet = correct_sheet(sheet=sheet, removed=list(positions), by=by, now=now)
    audit_sheet(sheet, "remove_sheet", by, now)
    drop_scans([sheet])
    PaperSheet.objects.filter(pk=sheet.pk, petition=petition).delete()


def _petition_of(sheet: PaperSheet) -> Petition:
    return Petition.objects.select_related("campaign__organisation", "version").get(
        pk=sheet.petition_id
    )


def _at(
    sheet: PaperSheet, positions: Collection[int], removed: Collection[int]
) -> Collection[PaperLine]:
    return PaperLine.objects.select_related("person").filter(
        sheet=sheet, position__in=[*positions, *removed]
    )


def _change_agreements(
    sheet: PaperSheet,
    lines: Sequence[Line],
    people: dict[str, Person],
    had: dict[int, Person],
    now: datetime,
) -> None:
    """End what no line of the sheet says any more; write down what a line says now and did not."""
    still = set(PaperLine.objects.filter(sheet=sheet).values_list("person", flat=True))
    leaving = {person.pk: person for person in had.values() if person.pk not in still}
    leave(sheet, list(leaving.values()), wording=_("Feuille papier corrigée"), now=now)
    known = {person.pk for person in had.values()}
    fresh = [line for line in lines if (who := people.get(line.canonical)) and who.pk not in known]
    agree(sheet, fresh, people, now=now)
