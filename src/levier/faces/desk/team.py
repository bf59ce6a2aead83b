"""Who is in the team, with which role; inviting, changing, leaving."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.actions import (
    change_role,
    invite,
    remove_member,
    withdraw_invitation,
)
from levier.foundation.accounts.enums import CAN_MANAGE_TEAM, Role
from levier.foundation.accounts.errors import AccountError
from levier.foundation.accounts.forms import InviteForm, RoleForm
from levier.foundation.accounts.models import Organisation
from levier.foundation.accounts.queries import members_of, pending_invitations_of
from levier.foundation.accounts.rules import (
    can_manage_team,
    invitation_for_managing,
    member_for_managing,
    organisation_for,
)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest) -> HttpResponse:
    """Members and pending invitations; for an owner, a form to invite."""
    user, now = user_of(request), timezone.now()
    wanted = request.GET.get("organisation", "")
    roles = CAN_MANAGE_TEAM if request.method == "POST" else ()
    membership = organisation_for(user, wanted, roles)
    organisation = membership.organisation
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invite(organisation=organisation, by=user, now=now, **form.cleaned_data)
        except AccountError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("L’invitation est partie. Elle vaut quatorze jours."))
            return _to_team(organisation)
    context = {
        "form": form,
        "members": members_of(organisation),
        "invitations": pending_invitations_of(organisation, now=now),
        "may_manage": can_manage_team(membership),
        "roles": Role.choices,
    }
    status = 422 if form.is_bound else 200
    return page(
        request, "desk/team.html", context, membership=membership, here="team", status=status
    )


@member_page
@require_POST
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    user = user_of(request)
    membership = member_for_managing(user, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choisissez un rôle dans la liste."))
        return _to_team(membership.organisation)
    try:
        change_role(
            membership=membership, role=form.cleaned_data["role"], by=user, now=timezone.now()
        )
    except AccountError as error:
        messages.error(request, str(error))
    else:
        said = _("%(who)s a maintenant un autre rôle.") % {"who": membership.user}
        messages.success(request, said)
    return _to_team(membership.organisation)


@member_page
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership."""
    user = user_of(request)
    membership = member_for_managing(user, pk)
    try:
        remove_member(membership=membership, by=user, now=timezone.now())
    except AccountError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(who)s n’est plus de l’équipe.") % {"who": membership.user})
    if membership.user == user:
        return redirect("desk")
    return _to_team(membership.organisation)


@member_page
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an invitation useless."""
    user = user_of(request)
    invitation = invitation_for_managing(user, pk)
    withdraw_invitation(invitation=invitation, by=user, now=timezone.now())
    messages.success(request, _("L’invitation est retirée : son lien n’ouvre plus rien."))
    return _to_team(invitation.organisation)


def _to_team(organisation: Organisation) -> HttpResponse:
    return redirect(f"{reverse('desk_team')}?organisation={organisation.slug}")
