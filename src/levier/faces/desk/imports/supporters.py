"""Supporters brought to an organisation from a file."""

from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from levier.faces.desk.doors import member_page, user_of
from levier.faces.desk.imports import steps
from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.models import Membership, User
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.people.actions.import_columns import SUPPORTER_TARGETS
from levier.foundation.people.actions.import_files import receive_file
from levier.foundation.people.actions.import_supporters import (
    check_supporters,
    defer_work,
    import_supporters,
)
from levier.foundation.people.actions.import_supporters_run import undo_supporters
from levier.foundation.people.models.imports import SupporterImport
from levier.foundation.people.rules import supporter_import_for_working

LISTED = 20


@csrf_exempt  # asked of the form itself, once the disk is ready to take the file
@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file of supporters."""
    user = user_of(request)
    place = organisation_for(user, request.GET.get("organisation", ""), CAN_CAMPAIGN)
    steps.take_heavy_files(request)
    found = SupporterImport.objects.filter(organisation=place.organisation_id)
    past = found.order_by("-created_at", "-pk")[:LISTED]
    return steps.upload(request, _ground(place), past, partial(_receive, place, user))


def _receive(place: Membership, by: User, file: UploadedFile[bytes]) -> SupporterImport:
    batch = SupporterImport(organisation=place.organisation)
    return receive_file(
        batch=batch, pieces=file.chunks(), name=file.name or "", by=by, now=timezone.now()
    )


@member_page
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """An import, at whatever step it is."""
    return steps.show(request, *_found(request, pk))


@member_page
@require_POST
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the columns mean."""
    return steps.columns(request, *_found(request, pk))


@member_page
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file otherwise."""
    return steps.again(request, *_found(request, pk))


@member_page
@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the people."""
    return steps.run(request, *_found(request, pk))


@member_page
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what is under way."""
    return steps.stop(request, *_found(request, pk))


@member_page
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was added."""
    return steps.undo(request, *_found(request, pk))


@member_page
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the file up."""
    return steps.discard(request, *_found(request, pk))


@member_page
@require_safe
def refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The refused rows, to be mended."""
    return steps.refused(request, *_found(request, pk))


def _found(request: HttpRequest, pk: int) -> tuple[steps.Ground, SupporterImport]:
    membership, batch = supporter_import_for_working(user_of(request), pk)
    return _ground(membership), batch


def _ground(membership: Membership) -> steps.Ground:
    return steps.Ground(
        prefix="desk_supporters_import",
        arguments=(),
        query=f"?organisation={membership.organisation.slug}",
        place=None,
        membership=membership,
        targets=SUPPORTER_TARGETS,
        needs=("contact",),
        country="FR",
        brings_signatures=False,
        defer=defer_work,
        check=check_supporters,
        start=import_supporters,
        undo=undo_supporters,
    )
