"""Many paper lines at once, pasted from a spreadsheet (P57)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.paper import said_of
from levier.faces.desk.paper_forms import PastedRow, PasteForm
from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.gates import Place, petition_for_moderating
from levier.gathering.signing.actions.correct_sheet import correct_sheet
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.actions.paper_lines import Line
from levier.gathering.signing.errors import SigningError, TooManyLines
from levier.gathering.signing.models.paper import LONGEST_SHEET, PaperSheet
from levier.gathering.signing.queries.paper import last_position, takes_paper


@member_page
@require_safe
def paste(request: HttpRequest, slug: str) -> HttpResponse:
    """A box to paste lines into."""
    place = petition_for_moderating(user_of(request), slug)
    return _page(request, place, PasteForm(), [])


# Each sheet is a transaction of its own: the count is never held for long.
@transaction.non_atomic_requests
@member_page
@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Good lines are kept, sheet by sheet; the others stay in the box, each with its message."""
    user, now = user_of(request), timezone.now()
    place = petition_for_moderating(user, slug)
    form = PasteForm(request.POST)
    if not form.is_valid():
        return _page(request, place, form, [])
    rows = form.rows(place.petition.country)
    kept = _kept(place.petition, rows, form.sheets_begun(), user, now)
    for sheet in kept:
        messages.success(request, said_of(sheet))
    if rows and not any(row.errors for row in rows):
        return redirect("desk_paper", place.slug)
    return _page(request, place, _left_over(form, rows, kept), rows)


def _page(
    request: HttpRequest, place: Place, form: PasteForm, rows: Sequence[PastedRow]
) -> HttpResponse:
    context = {
        "form": form,
        "wrong": [row for row in rows if row.errors],
        "open": takes_paper(place.petition, now=timezone.now()),
    }
    status = 422 if form.is_bound else 200
    return page(request, "desk/paper/paste.html", context, place=place, here="paper", status=status)


def _kept(
    petition: Petition, rows: Sequence[PastedRow], begun: set[int], by: User, now: datetime
) -> list[PaperSheet]:
    """Enter what can be, a sheet at a time; what a sheet refuses is said beside its lines."""
    good: dict[int, list[PastedRow]] = defaultdict(list)
    for row in rows:
        if row.sheet is not None and not row.errors:
            good[row.sheet].append(row)
    kept = []
    for number, own in sorted(good.items()):
        try:
            lines = [row.form.line() for row in own]
            kept.append(_entered(petition, number, lines, number in begun, by, now))
        except SigningError as error:
            for row in own:
                row.errors.append(str(error))
    return kept


def _entered(
    petition: Petition, number: int, lines: Sequence[Line], begun: bool, by: User, now: datetime
) -> PaperSheet:
    there = PaperSheet.objects.filter(petition=petition, number=number).first() if begun else None
    first = last_position(there) + 1 if there else 1
    placed = [replace(line, position=first + n) for n, line in enumerate(lines)]
    if placed[-1].position > LONGEST_SHEET:
        raise TooManyLines
    if there:
        return correct_sheet(sheet=there, lines=placed, by=by, now=now)
    return enter_sheet(petition=petition, number=number, lines=placed, by=by, now=now)


def _left_over(form: PasteForm, rows: Sequence[PastedRow], kept: Sequence[PaperSheet]) -> PasteForm:
    """The same form with only what is to be mended, and which sheets it belongs to."""
    left = [row.text for row in rows if row.errors]
    header = form.header()
    begun = form.sheets_begun() | {sheet.number for sheet in kept}
    data = {
        "number": form.data.get("number", ""),
        "lines": "\n".join([header, *left] if header else left),
        "continued": ",".join(str(number) for number in sorted(begun)),
    }
    again = PasteForm(data)
    if not rows:
        again.add_error("lines", _("Collez au moins une ligne sous les titres."))
    return again
