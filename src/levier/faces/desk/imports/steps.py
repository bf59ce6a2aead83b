"""The pages of an import, whatever it brings: what differs is told by a Ground."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from levier.faces.desk.doors import page, user_of
from levier.faces.desk.imports.forms import EncodingForm, FileForm, MappingForm
from levier.foundation.accounts.models import Membership
from levier.foundation.common.csv_export import csv_chunks
from levier.foundation.common.tables.errors import UnreadableTable
from levier.foundation.common.uploads import CappedTable
from levier.foundation.people.actions.import_cleaning import WARNINGS
from levier.foundation.people.actions.import_files import (
    discard_file,
    may_be_undone,
    read_again,
    stop_import,
    undoable_until,
)
from levier.foundation.people.actions.import_refusals import (
    SHOWN,
    reasons_told,
    refused_header,
    refused_rows,
)
from levier.foundation.people.enums import NOT_STARTED, WORKING, ImportState
from levier.foundation.people.errors import FileKnown, PeopleError
from levier.foundation.people.models.imports import FileImport
from levier.gathering.petitions.rules.gates import Place
from levier.gathering.signing.errors import SigningError

VERBS = ("one", "columns", "again", "run", "stop", "undo", "discard", "refused")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Where an import happens, and what its verbs do there."""

    prefix: str  # of the names of addresses
    arguments: tuple[str, ...]  # of those addresses, before the import's own number
    query: str  # what follows the address of the upload page
    place: Place | None
    membership: Membership
    targets: Mapping[str, str | Promise]
    needs: tuple[str, ...]
    country: str
    brings_signatures: bool
    defer: Callable[[Any], None]
    check: Callable[..., Any]
    start: Callable[..., Any]
    undo: Callable[..., Any]

    def address(self, verb: str, pk: int) -> str:
        """The address of a verb on an import."""
        return reverse(f"{self.prefix}_{verb}", args=[*self.arguments, pk])

    def upload_address(self) -> str:
        """The address of the page that takes files."""
        return reverse(self.prefix, args=list(self.arguments)) + self.query


def take_heavy_files(request: HttpRequest) -> None:
    """Before anybody reads the form: files go to the disk as they come, and stop at the limit."""
    request.upload_handlers = [CappedTable(request), TemporaryFileUploadHandler(request)]


@csrf_protect
def upload(
    request: HttpRequest,
    ground: Ground,
    past: Any,
    receive: Callable[[UploadedFile[bytes]], FileImport],
) -> HttpResponse:
    """Take a file, or say why not; and the imports of before."""
    sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if sent else FileForm()
    if sent and form.is_valid():
        try:
            batch = receive(form.cleaned_data["file"])
        except FileKnown as error:
            messages.error(request, _("Ce fichier a déjà été déposé : voici son import."))
            return redirect(ground.address("one", error.other.pk))
        except UnreadableTable as error:
            form.add_error("file", str(error))
        else:
            ground.defer(batch)
            return redirect(ground.address("one", batch.pk))
    context = {
        "form": form,
        "ground": ground,
        "past": [(one, ground.address("one", one.pk)) for one in past],
        "is_ready": ground.place is None or ground.place.petition.version_id is not None,
    }
    return _page(request, "desk/imports/upload.html", ground, context, form.is_bound)


def show(request: HttpRequest, ground: Ground, batch: FileImport) -> HttpResponse:
    """An import, at whatever step it is."""
    context = _context(ground, batch, correcting="colonnes" in request.GET)
    if batch.reading.get("columns") and (batch.state == ImportState.READ or context["correcting"]):
        context["form"] = _mapping_form(ground, batch)
        context["encoding_form"] = EncodingForm(reading=batch.reading)
    if context["refused"]:
        examples = refused_rows(batch, limit=SHOWN)
        context["examples"] = [
            (row, why, " · ".join(filter(None, said))) for row, why, *said in examples
        ]
        context["reasons"] = reasons_told(batch)
        context["header"] = refused_header(batch)
    return _page(request, "desk/imports/one.html", ground, context)


def columns(request: HttpRequest, ground: Ground, batch: FileImport) -> HttpResponse:
    """Say what the columns mean, and have every row checked."""
    if not batch.reading.get("columns"):
        return redirect(ground.address("one", batch.pk))
    form = _mapping_form(ground, batch, request.POST)
    if form.is_valid():
        return _done(
            request, ground, batch, lambda: ground.check(batch=batch, mapping=form.mapping())
        )
    context = {**_context(ground, batch, correcting=True), "form": form}
    context["encoding_form"] = EncodingForm(reading=batch.reading)
    return _page(request, "desk/imports/one.html", ground, context, bound=True)


def again(request: HttpRequest, ground: Ground, batch: FileImport) -> HttpResponse:
    """Read the file in another encoding, or at another sheet."""
    form = EncodingForm(request.POST, reading=batch.reading)
    form.is_valid()
    chosen = {name: form.cleaned_data.get(name, "") for name in ("encoding", "sheet")}

    def read() -> None:
        ground.defer(read_again(batch=batch, **chosen))

    return _done(request, ground, batch, read)


def run(request: HttpRequest, ground: Ground, batch: FileImport) -> HttpResponse:
    """Write, or go on writing."""
    by, now = user_of(request), timezone.now()
    return _done(request, ground, batch, lambda: ground.start(batch=batch, by=by, now=now))


def stop(request: HttpRequest, ground: Ground, batch: FileImport) -> HttpResponse:
    """Stop what is under way."""
    return _done(request, ground, batch, lambda: stop_import(batch=batch, now=timezone.now()))


def undo(request: HttpRequest, ground: Ground, batch: FileImport) -> HttpResponse:
    """Take back what was written."""
    by, now = user_of(request), timezone.now()
    return _done(request, ground, batch, lambda: ground.undo(batch=batch, by=by, now=now))


def discard(request: HttpRequest, ground: Ground, batch: FileImport) -> HttpResponse:
    """Give up a file from which nothing was written."""
    try:
        discard_file(batch=batch)
    except PeopleError as error:
        messages.error(request, str(error))
        return redirect(ground.address("one", batch.pk))
    messages.success(request, _("Le fichier est oublié."))
    return redirect(ground.upload_address())


def refused(request: HttpRequest, ground: Ground, batch: FileImport) -> HttpResponseBase:
    """The refused rows as a file, each with its reason, to be mended and brought again."""
    if batch.forgotten_at or not batch.reading.get("columns"):
        return redirect(ground.address("one", batch.pk))
    response = StreamingHttpResponse(
        csv_chunks(refused_header(batch), refused_rows(batch)),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="lignes-refusees-{batch.pk}.csv"'
    return response


def _done(
    request: HttpRequest, ground: Ground, batch: FileImport, act: Callable[[], Any]
) -> HttpResponse:
    try:
        act()
    except (PeopleError, SigningError) as error:
        messages.error(request, str(error))
    return redirect(ground.address("one", batch.pk))


def _mapping_form(
    ground: Ground, batch: FileImport, data: Mapping[str, Any] | None = None
) -> MappingForm:
    return MappingForm(
        data,
        reading=batch.reading,
        mapping=batch.mapping,
        targets=ground.targets,
        country=ground.country,
        needs=ground.needs,
    )


def _context(ground: Ground, batch: FileImport, *, correcting: bool) -> dict[str, Any]:
    counts, now = batch.counts, timezone.now()
    return {
        "ground": ground,
        "batch": batch,
        "state": str(batch.state),
        "is_working": batch.state in WORKING,
        "correcting": correcting and batch.state in NOT_STARTED,
        "may_discard": batch.state in NOT_STARTED,
        "may_undo": may_be_undone(batch, now=now),
        "until": undoable_until(batch),
        "refused": counts.get("refused", 0)
        if not batch.forgotten_at and not batch.undone_at
        else 0,
        "warnings": [
            (said, counts["warnings"][name])
            for name, said in WARNINGS.items()
            if counts.get("warnings", {}).get(name)
        ],
        "urls": {verb: ground.address(verb, batch.pk) for verb in VERBS},
        "upload_url": ground.upload_address(),
    }


def _page(
    request: HttpRequest,
    template: str,
    ground: Ground,
    context: Mapping[str, Any],
    bound: bool = False,
) -> HttpResponse:
    return page(
        request,
        template,
        context,
        place=ground.place,
        membership=ground.membership,
        here="imports" if ground.place else "people",
        status=422 if bound else 200,
    )
