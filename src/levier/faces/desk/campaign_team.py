"""Who does what in one campaign."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.models import User
from levier.foundation.campaigns.actions import close_team, set_part
from levier.foundation.campaigns.enums import RIGHTS_IN_TEAM, Right, TeamRole
from levier.foundation.campaigns.errors import NotAMember
from levier.foundation.campaigns.forms import PartForm
from levier.foundation.campaigns.queries import team_of
from levier.foundation.campaigns.rules import campaign_for_leading


@member_page
@require_safe
def campaign_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Every member, with their part; what each part opens."""
    campaign, membership = campaign_for_leading(user_of(request), pk)
    context = {
        "campaign": campaign,
        "team": team_of(campaign),
        "roles": TeamRole.choices,
        "rights": [
            (role.label, [right.label for right in Right if right in RIGHTS_IN_TEAM[role]])
            for role in TeamRole
        ],
    }
    template = "desk/campaign_team.html"
    return page(request, template, context, membership=membership, here="settings")


@member_page
@require_POST
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a part, another one, or none."""
    user = user_of(request)
    campaign, _membership = campaign_for_leading(user, pk)
    form = PartForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choisissez une personne et un rôle dans la liste."))
        return redirect("desk_campaign_team", pk)
    who = get_object_or_404(User, pk=form.cleaned_data["user"])
    role = form.cleaned_data["role"]
    try:
        set_part(campaign=campaign, user=who, role=role, by=user, now=timezone.now())
    except NotAMember as error:
        messages.error(request, str(error))
    else:
        said = _("%(who)s : %(role)s.") if role else _("%(who)s : selon son rôle.")
        words = {"who": who, "role": TeamRole(role).label if role else ""}
        messages.success(request, said % words)
    return redirect("desk_campaign_team", pk)


@member_page
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the team, or open it again."""
    user = user_of(request)
    campaign, _membership = campaign_for_leading(user, pk)
    is_closed = "fermer" in request.POST
    close_team(campaign=campaign, is_closed=is_closed, by=user, now=timezone.now())
    said = (
        _("L’équipe est fermée : seules les personnes de la liste entrent.")
        if is_closed
        else _("L’équipe est ouverte : chacun y entre selon son rôle.")
    )
    messages.success(request, said)
    return redirect("desk_campaign_team", pk)
