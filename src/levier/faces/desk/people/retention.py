"""How long people are kept, and what will be forgotten when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.enums import CAN_CAMPAIGN, CAN_MANAGE_TEAM
from levier.foundation.accounts.rules import can_manage_team, organisation_for
from levier.foundation.people.actions.retention import set_retention
from levier.foundation.people.forms import RetentionForm
from levier.gathering.signing.queries.retention import (
    months_kept,
    to_be_anonymised,
    to_be_forgotten,
)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """Campaigners read it; owners set it."""
    user, now = user_of(request), timezone.now()
    roles = CAN_MANAGE_TEAM if request.method == "POST" else CAN_CAMPAIGN
    membership = organisation_for(user, request.GET.get("organisation", ""), roles)
    organisation = membership.organisation
    form = RetentionForm(request.POST or None, initial={"months": months_kept(organisation)})
    if request.method == "POST" and form.is_valid():
        set_retention(
            organisation=organisation, months=form.cleaned_data["months"], by=user, now=now
        )
        messages.success(request, _("C’est enregistré."))
        return redirect(f"{reverse('desk_retention')}?organisation={organisation.slug}")
    context = {
        "form": form,
        "months": months_kept(organisation),
        "people": to_be_forgotten(organisation, now=now),
        "petitions": to_be_anonymised(organisation),
        "may_set": can_manage_team(membership),
    }
    return page(
        request, "desk/people/retention.html", context, membership=membership, here="people",
        status=422 if form.is_bound else 200,
    )  # fmt: skip
