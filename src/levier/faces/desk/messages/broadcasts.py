"""What was said to many, how far it is, and whether the way out is open."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import Membership
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.messaging.actions.steer_lane import restart_lane, stop_lane
from levier.foundation.messaging.channels.route import route_from
from levier.foundation.messaging.enums import Lane
from levier.foundation.messaging.mails.compiled import compiled
from levier.foundation.messaging.mails.missing import subject_of
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.route import RouteState
from levier.foundation.messaging.queries.broadcasts import broadcasts_of, waiting_by_lane
from levier.foundation.messaging.queries.progress import Progress, progress_of_all
from levier.foundation.messaging.queries.routes import stopped_routes
from levier.foundation.messaging.rules.addresses import route_address
from levier.gathering.petitions.models.petition import Slug
from levier.gathering.petitions.rules.site import site_organisation
from levier.gathering.updates.models.update import Update

PER_PAGE = 30


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message said to many."""

    message: Message
    title: str
    progress: Progress
    address: str


@dataclass(frozen=True, kw_only=True)
class Queue:
    """One lane: what waits in it, and whether its route was stopped."""

    lane: Lane
    waiting: int
    stopped: RouteState | None


@member_page
@require_safe
def broadcasts(request: HttpRequest) -> HttpResponse:
    """The lanes, then every message that is not an answer to a gesture, the latest first."""
    asked = request.GET.get("organisation", "")
    membership = organisation_for(user_of(request), asked, CAN_CAMPAIGN)
    found = Paginator(broadcasts_of(membership.organisation), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "found": found,
        "lines": _lines(list(found)),
        "queues": _queues(membership),
        "site": site_organisation(),
        "may_steer": _holds_the_site(membership),
        "tab": "broadcasts",
    }
    return page(
        request, "desk/messages/broadcasts.html", context, membership=membership, here="messages"
    )


@member_page
@require_POST
def stop(request: HttpRequest, lane: str) -> HttpResponse:
    """Let nothing more leave by this lane, for the whole site."""
    membership = _steering(request, lane)
    stop_lane(
        route=_route(),
        lane=lane,
        organisation=membership.organisation,
        by=user_of(request),
        now=timezone.now(),
    )
    said = _("Cette file est arrêtée\u00a0: rien n’en part, rien n’est perdu.")
    messages.success(request, said)
    return _back(membership)


@member_page
@require_POST
def restart(request: HttpRequest, lane: str) -> HttpResponse:
    """What refused is mended: this lane goes on."""
    membership = _steering(request, lane)
    restart_lane(
        route=_route(),
        lane=lane,
        organisation=membership.organisation,
        by=user_of(request),
        now=timezone.now(),
    )
    messages.success(request, _("Cette file repart. Ce qui attendait suit, dans l’ordre."))
    return _back(membership)


def _steering(request: HttpRequest, lane: str) -> Membership:
    """Whoever campaigns for the organisation that holds the site: its way out is everybody's."""
    asked = request.GET.get("organisation", "")
    membership = organisation_for(user_of(request), asked, CAN_CAMPAIGN)
    if lane not in Lane.values or not _holds_the_site(membership):
        raise Hidden
    return membership


def _holds_the_site(membership: Membership) -> bool:
    site = site_organisation()
    return site is not None and site.pk == membership.organisation_id


def _queues(membership: Membership) -> list[Queue]:
    waiting = waiting_by_lane(membership.organisation)
    route = _route()
    stopped = {row.lane: row for row in stopped_routes() if row.route == route}
    return [Queue(lane=lane, waiting=waiting[lane], stopped=stopped.get(lane)) for lane in Lane]


def _lines(shown: list[Message]) -> list[Line]:
    progress = progress_of_all([message.pk for message in shown])
    updates = Update.objects.filter(message__in=shown)
    slugs = dict(
        Slug.objects.filter(petition__in=updates.values("petition"), current=True).values_list(
            "petition", "slug"
        )
    )
    pages = {
        one.message_id: reverse("desk_update_sending", args=[slugs[one.petition_id], one.pk])
        for one in updates
    }
    return [
        Line(
            message=message,
            title=subject_of(compiled(message.template), message.context),
            progress=progress.get(message.pk, Progress()),
            address=pages.get(message.pk, ""),
        )
        for message in shown
    ]


def _route() -> str:
    return route_from(route_address()).name


def _back(membership: Membership) -> HttpResponse:
    return redirect(f"{reverse('desk_messages')}?organisation={membership.organisation.slug}")
