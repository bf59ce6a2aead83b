"""Past signatures brought to a petition (P58, P59)."""

from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from levier.faces.desk.doors import member_page, user_of
from levier.faces.desk.imports import steps
from levier.foundation.accounts.models import User
from levier.foundation.people.actions.import_files import receive_file
from levier.gathering.petitions.rules.gates import Place, petition_for_editing
from levier.gathering.signing.actions.import_check import check_past, defer_work
from levier.gathering.signing.actions.import_past import import_past
from levier.gathering.signing.actions.import_rows import TARGETS
from levier.gathering.signing.actions.import_undo import undo_import
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.rules.gates import import_for_working

LISTED = 20


@csrf_exempt  # asked of the form itself, once the disk is ready to take the file
@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a file of signatures."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    steps.take_heavy_files(request)
    past = ImportBatch.objects.filter(petition=place.petition).order_by("-created_at", "-pk")
    return steps.upload(request, _ground(place), past[:LISTED], partial(_receive, place, user))


def _receive(place: Place, by: User, file: UploadedFile[bytes]) -> ImportBatch:
    organisation = place.petition.campaign.organisation
    batch = ImportBatch(petition=place.petition, organisation=organisation)
    return receive_file(
        batch=batch, pieces=file.chunks(), name=file.name or "", by=by, now=timezone.now()
    )


@member_page
@require_safe
def one(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An import, at whatever step it is."""
    return steps.show(request, *_found(request, slug, pk))


@member_page
@require_POST
def columns(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say what the columns mean."""
    return steps.columns(request, *_found(request, slug, pk))


@member_page
@require_POST
def again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Read the file otherwise."""
    return steps.again(request, *_found(request, slug, pk))


@member_page
@require_POST
def run(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write the signatures."""
    return steps.run(request, *_found(request, slug, pk))


@member_page
@require_POST
def stop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Stop what is under way."""
    return steps.stop(request, *_found(request, slug, pk))


@member_page
@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the signatures back."""
    return steps.undo(request, *_found(request, slug, pk))


@member_page
@require_POST
def discard(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give the file up."""
    return steps.discard(request, *_found(request, slug, pk))


@member_page
@require_safe
def refused(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """The refused rows, to be mended."""
    return steps.refused(request, *_found(request, slug, pk))


def _found(request: HttpRequest, slug: str, pk: int) -> tuple[steps.Ground, ImportBatch]:
    place, batch = import_for_working(user_of(request), slug, pk)
    return _ground(place), batch


def _ground(place: Place) -> steps.Ground:
    return steps.Ground(
        prefix="desk_import",
        arguments=(place.slug,),
        query="",
        place=place,
        membership=place.membership,
        targets=TARGETS,
        needs=("email", "name"),
        country=place.petition.country,
        brings_signatures=True,
        defer=defer_work,
        check=check_past,
        start=import_past,
        undo=undo_import,
    )
