"""Mails that may have left or not: a machine died at the wrong moment, a person decides."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.models import Membership
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.common.typography import number
from levier.foundation.messaging.actions.resolve_unknown import resolve_unknown
from levier.foundation.messaging.errors import MessageOver
from levier.foundation.messaging.mails.compiled import compiled
from levier.foundation.messaging.mails.missing import subject_of
from levier.foundation.messaging.queries.broadcasts import unknown_by_message, unknown_of
from levier.foundation.messaging.rules.desk import message_for_deciding

SHOWN = 20  # readers of one message


@member_page
@require_safe
def unknown(request: HttpRequest) -> HttpResponse:
    """Message by message, how many and who, with the two ways out."""
    asked = request.GET.get("organisation", "")
    membership = organisation_for(user_of(request), asked, CAN_CAMPAIGN)
    found = unknown_by_message(membership.organisation)
    context = {
        "lines": [
            {
                "message": message,
                "title": subject_of(compiled(message.template), message.context),
                "n": n,
                "readers": unknown_of(message, at_most=SHOWN),
                "more": max(n - SHOWN, 0),
            }
            for message, n in found
        ],
        "tab": "unknown",
    }
    return page(
        request, "desk/messages/unknown.html", context, membership=membership, here="messages"
    )


@member_page
@require_POST
def take_for_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """« Considérer comme envoyé »."""
    message, membership = message_for_deciding(user_of(request), pk)
    n = resolve_unknown(message=message, sent=True, by=user_of(request), now=timezone.now())
    said = ngettext(
        "%(n)s message est considéré comme envoyé.",
        "%(n)s messages sont considérés comme envoyés.",
        n,
    )
    messages.success(request, said % {"n": number(n)})
    return _back(membership)


@member_page
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """« Envoyer de nouveau »."""
    user = user_of(request)
    message, membership = message_for_deciding(user, pk)
    try:
        n = resolve_unknown(message=message, sent=False, by=user, now=timezone.now())
    except MessageOver as error:
        messages.error(request, str(error))
        return _back(membership)
    said = ngettext("%(n)s message repart.", "%(n)s messages repartent.", n)
    messages.success(request, said % {"n": number(n)})
    return _back(membership)


def _back(membership: Membership) -> HttpResponse:
    return redirect(f"{reverse('desk_unknown')}?organisation={membership.organisation.slug}")
