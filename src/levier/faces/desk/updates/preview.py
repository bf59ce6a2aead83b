"""Before it leaves: the page and the mail as they will be, a test to oneself, who will get it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.common.typography import number
from levier.foundation.messaging.errors import MissingVariable
from levier.gathering.updates.actions.send_test import send_test
from levier.gathering.updates.errors import UpdateError
from levier.gathering.updates.forms.release import SendBackForm
from levier.gathering.updates.mails.update import check_letter, sample_letter
from levier.gathering.updates.queries.audience import dry_count
from levier.gathering.updates.queries.windows import next_window
from levier.gathering.updates.rules.gates import Desk, update_for_editing
from levier.gathering.updates.rules.links_inside import looks_crowded
from levier.gathering.updates.rules.previews import update_preview_path
from levier.gathering.updates.rules.review import awaits_approval
from levier.gathering.updates.rules.whole import missing_in

MAIL_WALL = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
TEXT_WALL = "default-src 'none'; frame-ancestors 'self'; sandbox"


@member_page
@require_safe
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What lacks, what it looks like, what one may do next."""
    desk = update_for_editing(user_of(request), slug, pk)
    if not desk.update.published_at and not desk.can_write:
        return redirect("desk_update_sending", desk.place.slug, pk)
    return preview_page(request, desk, SendBackForm())


@member_page
@require_safe
def mail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The mail of a sample person, behind a wall."""
    desk = update_for_editing(user_of(request), slug, pk)
    return _framed(HttpResponse(_letter(desk).html), MAIL_WALL)


@member_page
@require_safe
def text(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The same for whoever reads plain text."""
    desk = update_for_editing(user_of(request), slug, pk)
    body = HttpResponse(_letter(desk).text, content_type="text/plain; charset=utf-8")
    return _framed(body, TEXT_WALL)


@member_page
@require_safe
def count(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who would get it now, and who would not, with the reasons (U26)."""
    desk = update_for_editing(user_of(request), slug, pk)
    context = {
        "counted": dry_count(desk.update, at=timezone.now()),
        "update": desk.update,
        "slug": desk.place.slug,
    }
    if request.headers.get("HX-Request"):
        return render(request, "desk/updates/counted.html", context)
    return page(request, "desk/updates/count.html", context, place=desk.place, here="updates")


@member_page
@require_POST
def test(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send it to oneself (U36)."""
    user = user_of(request)
    desk = update_for_editing(user, slug, pk)
    try:
        left = send_test(update=desk.update, by=user, now=timezone.now())
    except (UpdateError, MissingVariable) as error:
        messages.error(request, str(error))
    else:
        said = ngettext(
            "L’essai part à %(to)s. Encore %(n)s essai possible aujourd’hui.",
            "L’essai part à %(to)s. Encore %(n)s essais possibles aujourd’hui.",
            left,
        )
        messages.success(request, said % {"to": user.email, "n": number(left)})
    return redirect("desk_update_preview", desk.place.slug, pk)


def preview_page(
    request: HttpRequest, desk: Desk, form: SendBackForm, *, status: int = 200
) -> HttpResponse:
    """The same, for whoever already passed the gate."""
    update, now = desk.update, timezone.now()
    context: dict[str, Any] = {
        "desk": desk,
        "update": update,
        "ask": desk.ask,
        "form": form,
        "missing": missing_in(update, desk.ask),
        "unfit": _unfit(desk),
        "awaits": awaits_approval(update),
        "crowded": looks_crowded(update.body),
        "next": next_window(desk.place.petition, now=now),
        "look": update_preview_path(update, now=now),
    }
    return page(
        request,
        "desk/updates/preview.html",
        context,
        place=desk.place,
        here="updates",
        status=status,
    )


def _letter(desk: Desk) -> Any:
    try:
        return sample_letter(desk.ask, now=timezone.now())
    except MissingVariable as error:
        return _Unwritten(str(error))


class _Unwritten:
    """In place of a mail that cannot be written, why (U33)."""

    def __init__(self, why: str) -> None:
        self.html = self.text = why


def _unfit(desk: Desk) -> str:
    """Why no reader's mail could be written, or nothing (U33)."""
    try:
        check_letter(desk.ask, now=timezone.now())
    except MissingVariable as error:
        return str(error)
    return ""


def _framed(response: HttpResponse, wall: str) -> HttpResponse:
    """An answer that our own pages may show in a frame; it runs nothing."""
    response["Content-Security-Policy"] = wall
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response
