"""Signatures on paper: what came back, typed sheet by sheet (P55 to P57)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.paper_forms import (
    LineForm,
    PrintForm,
    SheetForm,
    blank_lines,
    kept_lines,
    sent_lines,
)
from levier.foundation.common.typography import number
from levier.gathering.petitions.rules.gates import Place, petition_for_moderating
from levier.gathering.signing.actions.correct_sheet import correct_sheet, remove_sheet
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.actions.paper_lines import Line
from levier.gathering.signing.actions.reconcile_paper import reconcile_paper
from levier.gathering.signing.errors import SigningError
from levier.gathering.signing.models.paper import PaperSheet
from levier.gathering.signing.queries.paper import (
    lines_of,
    paper_figures,
    runs_of,
    sheets_of,
    takes_paper,
)
from levier.gathering.signing.rules.gates import paper_sheet_for_entering

PER_PAGE = 30
RUNS = 10
FORM = ["GET", "HEAD", "POST"]


@member_page
@require_safe
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """What was printed, what came back, and what it is worth."""
    place = petition_for_moderating(user_of(request), slug)
    context = {
        "figures": paper_figures(place.petition),
        "sheets": Paginator(sheets_of(place.petition), PER_PAGE).get_page(request.GET.get("page")),
        "runs": runs_of(place.petition)[:RUNS],
        "print_form": PrintForm(),
        "open": takes_paper(place.petition, now=timezone.now()),
    }
    return page(request, "desk/paper/paper.html", context, place=place, here="paper")


@member_page
@require_http_methods(FORM)
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """One sheet, line by line. Good lines are kept; the others stay on the screen (P57)."""
    user, now = user_of(request), timezone.now()
    place = petition_for_moderating(user, slug)
    petition = place.petition
    if request.method != "POST":
        form = SheetForm(initial={"number": request.GET.get("feuille")})
        return _to_fill(request, place, form, blank_lines(petition.country))
    form, lines = SheetForm(request.POST), sent_lines(request.POST, petition.country)
    good, wrong = sorted_out(lines)
    if not form.is_valid() or not good:
        if form.is_valid() and not wrong:
            form.add_error(None, _("Tapez au moins une ligne."))
        return _to_fill(request, place, form, lines, status=422)
    try:
        sheet = enter_sheet(
            petition=petition, number=form.cleaned_data["number"], lines=good, by=user, now=now
        )
    except SigningError as error:
        form.add_error("number", str(error))
        return _to_fill(request, place, form, lines, status=422)
    messages.success(request, said_of(sheet))
    if wrong:
        return _to_mend(request, place, sheet, wrong)
    return redirect("desk_paper_enter", place.slug)


@member_page
@require_http_methods(FORM)
def sheet(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A sheet that was entered: read it again, correct it. An emptied line is taken away."""
    user, now = user_of(request), timezone.now()
    place, known = paper_sheet_for_entering(user, slug, pk)
    if request.method != "POST":
        return _sheet_page(request, place, known)
    lines = sent_lines(request.POST, place.petition.country)
    good, wrong = sorted_out(lines)
    emptied = [form.position for form in lines if form.is_blank]
    try:
        known = correct_sheet(sheet=known, lines=good, removed=emptied, by=user, now=now)
    except SigningError as error:
        messages.error(request, str(error))
        return redirect("desk_paper_sheet", place.slug, known.pk)
    messages.success(request, said_of(known))
    if wrong:
        return _to_mend(request, place, known, wrong)
    return redirect("desk_paper_sheet", place.slug, known.pk)


@member_page
@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a whole sheet away: its number may be entered again."""
    user = user_of(request)
    place, known = paper_sheet_for_entering(user, slug, pk)
    try:
        remove_sheet(sheet=known, by=user, now=timezone.now())
    except SigningError as error:
        messages.error(request, str(error))
        return redirect("desk_paper_sheet", place.slug, pk)
    said = _("La feuille %(n)s est retirée, et ses lignes ne comptent plus.")
    messages.success(request, said % {"n": number(known.number)})
    return redirect("desk_paper", place.slug)


@member_page
@require_POST
def reconcile(request: HttpRequest, slug: str) -> HttpResponse:
    """Look again for people who signed both on paper and online."""
    user = user_of(request)
    place = petition_for_moderating(user, slug)
    moved = reconcile_paper(petition=place.petition, by=user, now=timezone.now())
    if not moved:
        said = _("Tout est déjà juste : personne ne compte deux fois.")
    elif moved < 0:
        said = ngettext(
            "Une ligne ne compte plus : la personne a aussi signé en ligne.",
            "%(n)s lignes ne comptent plus : ces personnes ont aussi signé en ligne.",
            -moved,
        ) % {"n": number(-moved)}
    else:
        said = ngettext(
            "Une ligne compte de nouveau : la signature en ligne ne compte plus.",
            "%(n)s lignes comptent de nouveau : les signatures en ligne ne comptent plus.",
            moved,
        ) % {"n": number(moved)}
    messages.success(request, said)
    return redirect("desk_paper", place.slug)


def sorted_out(lines: Sequence[LineForm]) -> tuple[list[Line], list[LineForm]]:
    """Lines that can be kept, and those to mend; what was left blank is neither."""
    typed = [form for form in lines if not form.is_blank]
    wrong = [form for form in typed if not form.is_valid()]
    return [form.line() for form in typed if form.is_valid()], wrong


def said_of(sheet: PaperSheet) -> str:
    """« Feuille 12 : 13 signatures comptées, 2 lignes écartées. »"""
    counted = ngettext("%(n)s signature comptée", "%(n)s signatures comptées", sheet.counted)
    said = [counted % {"n": number(sheet.counted)}]
    if sheet.already_online:
        online = ngettext("%(n)s déjà en ligne", "%(n)s déjà en ligne", sheet.already_online)
        said.append(online % {"n": number(sheet.already_online)})
    if sheet.twice:
        twice = ngettext("%(n)s déjà sur papier", "%(n)s déjà sur papier", sheet.twice)
        said.append(twice % {"n": number(sheet.twice)})
    words = {"n": number(sheet.number), "said": ", ".join(said)}
    return _("Feuille %(n)s : %(said)s.") % words


def _to_fill(
    request: HttpRequest,
    place: Place,
    form: SheetForm,
    lines: Sequence[LineForm],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        **_lines_context(lines),
        "open": takes_paper(place.petition, now=timezone.now()),
    }
    return page(request, "desk/paper/enter.html", context, place=place, here="paper", status=status)


def _to_mend(
    request: HttpRequest, place: Place, sheet: PaperSheet, wrong: Sequence[LineForm]
) -> HttpResponse:
    """Only what is wrong, its messages beside it: the rest is kept already (P57)."""
    context = {"sheet": sheet, **_lines_context(wrong)}
    return page(request, "desk/paper/mend.html", context, place=place, here="paper", status=422)


def _sheet_page(request: HttpRequest, place: Place, sheet: PaperSheet) -> HttpResponse:
    rows = list(lines_of(sheet))
    context = {
        "sheet": sheet,
        "rows": rows,
        **_lines_context(kept_lines(rows, place.petition.country)),
        "open": takes_paper(place.petition, now=timezone.now()),
    }
    return page(request, "desk/paper/sheet.html", context, place=place, here="paper")


def _lines_context(lines: Sequence[LineForm]) -> dict[str, Any]:
    """The lines on the screen; those to mend are among them, never one that was left blank."""
    typed = [form for form in lines if form.is_bound and not form.is_blank]
    wrong = [form for form in typed if form.errors]
    return {
        "lines": lines,
        "wrong": wrong,
        "wrong_positions": {form.position for form in wrong},
        "positions": ",".join(str(form.position) for form in lines),
    }
