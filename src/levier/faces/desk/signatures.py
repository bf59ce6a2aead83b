"""The list of signatories, and taking it out of here (P65)."""

from collections.abc import AsyncGenerator, Generator, Iterator

from asgiref.sync import sync_to_async
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.signature_filters import FilterForm
from levier.gathering.petitions.rules.fields import declared_in
from levier.gathering.petitions.rules.gates import (
    petition_for_exporting,
    petition_for_moderating,
)
from levier.gathering.signing.actions.export import record_export
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.export import exported
from levier.gathering.signing.queries.listing import after, cursor_of, signatures_of

PER_PAGE = 50


@member_page
@require_safe
def signatures(request: HttpRequest, slug: str) -> HttpResponse:
    """Fifty at a time, the latest first, filtered and searched."""
    place = petition_for_moderating(user_of(request), slug)
    form = FilterForm(request.GET)
    filters = form.filters()
    found = after(signatures_of(place.petition, filters), request.GET.get("apres", ""))
    rows = list(found[: PER_PAGE + 1])
    more = len(rows) > PER_PAGE
    context = {
        "form": form,
        "filtered": form.is_filtered(),
        "query": form.query(),
        "signatures": rows[:PER_PAGE],
        "next": cursor_of(rows[PER_PAGE - 1]) if more else "",
        "is_first": not request.GET.get("apres"),
        "tally": Tally.objects.filter(petition=place.petition).first(),
    }
    return page(request, "desk/signatures.html", context, place=place, here="signatures")


@transaction.non_atomic_requests
@member_page
@require_POST
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A CSV file, streamed. Who takes it and how many names is written down first."""
    user, now = user_of(request), timezone.now()
    place = petition_for_exporting(user, slug)
    filters = FilterForm(request.POST).filters()
    record_export(petition=place.petition, filters=filters, by=user, now=now)
    file = exported(signatures_of(place.petition, filters), declared_in(place.petition.fields))
    name = f"signatures-{place.slug}-{timezone.localdate(now).isoformat()}.csv"
    response = StreamingHttpResponse(in_turn(file), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Accel-Buffering"] = "no"
    return response


async def in_turn(chunks: Generator[bytes, None, None]) -> AsyncGenerator[bytes, None]:
    """Each chunk read in the request's own thread, where its connection and cursor live.

    A plain iterator would be read whole, in memory, before the first byte leaves (ASGI).
    """
    try:
        while (chunk := await sync_to_async(_following)(chunks)) is not None:
            yield chunk
    finally:
        await sync_to_async(chunks.close)()


def _following(chunks: Iterator[bytes]) -> bytes | None:
    return next(chunks, None)
