"""The scan of a sheet, for who may see names."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, user_of
from levier.foundation.common.scans import KINDS, NotAScan, keep_scan, scan_file
from levier.gathering.signing.actions import keep_scan as scans
from levier.gathering.signing.rules.gates import paper_sheet_for_entering


@member_page
@require_safe
def scan(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """A picture is shown; a PDF is saved, never opened in our pages."""
    _place, sheet = paper_sheet_for_entering(user_of(request), slug, pk)
    path = scan_file(sheet.scan)
    if path is None:
        raise Http404
    response = FileResponse(
        path.open("rb"),
        content_type=KINDS[path.suffix],
        as_attachment=path.suffix == ".pdf",
        filename=f"feuille-{sheet.number}{path.suffix}",
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@member_page
@require_POST
def upload(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Keep a scan in place of the one before."""
    user = user_of(request)
    place, sheet = paper_sheet_for_entering(user, slug, pk)
    sent = request.FILES.get("scan")
    try:
        if sent is None:
            raise NotAScan
        name = keep_scan(sent)
    except NotAScan:
        messages.error(request, _("Image JPEG, PNG ou WebP, ou PDF, 8\u00a0Mo au plus."))
    else:
        scans.keep_scan(sheet=sheet, scan=name, by=user, now=timezone.now())
        messages.success(request, _("Le scan est gardé avec la feuille."))
    return redirect("desk_paper_sheet", place.slug, sheet.pk)


@member_page
@require_POST
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the scan away."""
    user = user_of(request)
    place, sheet = paper_sheet_for_entering(user, slug, pk)
    scans.keep_scan(sheet=sheet, scan="", by=user, now=timezone.now())
    messages.success(request, _("Le scan est effacé."))
    return redirect("desk_paper_sheet", place.slug, sheet.pk)
