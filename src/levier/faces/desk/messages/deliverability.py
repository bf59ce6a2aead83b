"""Whether mails arrive: the sender as the DNS shows it, what the servers of each domain answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.enums import CAN_CAMPAIGN, CAN_MANAGE_TEAM
from levier.foundation.accounts.models import Membership
from levier.foundation.accounts.rules import can_manage_team, organisation_for
from levier.foundation.messaging.actions.preflight import ask_for_preflight, waive_preflight
from levier.foundation.messaging.models.preflight import Preflight
from levier.foundation.messaging.queries.domains import DAYS, domains_of
from levier.foundation.messaging.rules.preflight.checks import Gravity
from levier.foundation.messaging.rules.preflight.dns import RESERVED
from levier.foundation.messaging.rules.preflight.gate import (
    is_running,
    preflight_of,
    sender_domain,
)

SHOWN = 50  # domains


@member_page
@require_safe
def deliverability(request: HttpRequest) -> HttpResponse:
    """The checks with their mends, then the domains."""
    asked = request.GET.get("organisation", "")
    membership = organisation_for(user_of(request), asked, CAN_CAMPAIGN)
    organisation, now = membership.organisation, timezone.now()
    checks = preflight_of(organisation, now=now)
    kept = Preflight.objects.select_related("waived_by").filter(organisation=organisation).first()
    domain = sender_domain(organisation)
    domains = domains_of(organisation, today=timezone.localdate(now))
    context = {
        "checks": checks,
        "blocking": [one for one in checks if one.blocks],
        "doubtful": [one for one in checks if one.gravity is Gravity.DOUBTFUL and one.blocks],
        "kept": kept,
        "running": is_running(kept, now=now),
        "domain": domain,
        "can_check": not RESERVED.fullmatch(domain),
        "domains": domains[:SHOWN],
        "others": len(domains[SHOWN:]),
        "days": DAYS,
        "may_waive": can_manage_team(membership),
        "tab": "deliverability",
    }
    return page(
        request,
        "desk/messages/deliverability.html",
        context,
        membership=membership,
        here="messages",
    )


@member_page
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Have the worker look at the sender now."""
    user = user_of(request)
    membership = organisation_for(user, request.GET.get("organisation", ""), CAN_CAMPAIGN)
    ask_for_preflight(organisation=membership.organisation, by=user, now=timezone.now())
    return _back(membership)


@member_page
@require_POST
def waive(request: HttpRequest) -> HttpResponse:
    """« Envoyer quand même »: for somebody responsible, about what is only doubtful."""
    user = user_of(request)
    membership = organisation_for(user, request.GET.get("organisation", ""), CAN_MANAGE_TEAM)
    if waive_preflight(organisation=membership.organisation, by=user, now=timezone.now()):
        said = _("C’est noté à votre nom. Ce qui est bloquant le reste.")
        messages.success(request, said)
    else:
        messages.info(request, _("Il n’y avait rien à accepter."))
    return _back(membership)


def _back(membership: Membership) -> HttpResponse:
    return redirect(f"{reverse('desk_deliverability')}?organisation={membership.organisation.slug}")
