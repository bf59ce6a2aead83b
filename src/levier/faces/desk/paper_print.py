"""Numbered sheets to print, and to print again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, user_of
from levier.faces.desk.paper_forms import PrintForm
from levier.foundation.common.typography import number
from levier.gathering.petitions.channels.documents import paper_sheets
from levier.gathering.petitions.rules.gates import petition_for_moderating
from levier.gathering.signing.actions.print_sheets import print_sheets
from levier.gathering.signing.errors import SigningError
from levier.gathering.signing.rules.gates import paper_run_for_printing


@member_page
@require_POST
def numbers(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the next numbers; the file is opened from the list of what was printed."""
    user = user_of(request)
    place = petition_for_moderating(user, slug)
    form = PrintForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["sheets"][0]))
        return redirect("desk_paper", place.slug)
    wanted = form.cleaned_data["sheets"]
    try:
        run = print_sheets(petition=place.petition, sheets=wanted, by=user, now=timezone.now())
    except SigningError as error:
        messages.error(request, str(error))
        return redirect("desk_paper", place.slug)
    said = ngettext(
        "La feuille %(first)s est prête à imprimer.",
        "Les feuilles %(first)s à %(last)s sont prêtes à imprimer.",
        wanted,
    )
    messages.success(request, said % {"first": number(run.first), "last": number(run.last)})
    return redirect("desk_paper", place.slug)


@member_page
@require_safe
def run_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The sheets of one printing, with the words they had then."""
    place, run = paper_run_for_printing(user_of(request), slug, pk)
    sheets = paper_sheets(place.petition, run.version, place.slug, range(run.first, run.last + 1))
    response = HttpResponse(sheets, content_type="application/pdf")
    name = _("feuilles-%(first)s-%(last)s.pdf") % {"first": run.first, "last": run.last}
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
