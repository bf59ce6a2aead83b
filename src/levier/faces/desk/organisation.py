"""The organisation's settings, and those of its campaigns."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.actions import change_organisation
from levier.foundation.accounts.enums import CAN_MANAGE_TEAM
from levier.foundation.accounts.forms import OrganisationForm
from levier.foundation.accounts.models import Organisation
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.campaigns.actions import change_campaign
from levier.foundation.campaigns.forms import CampaignForm
from levier.foundation.campaigns.queries import campaigns_of
from levier.foundation.campaigns.rules import campaign_for_editing


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Name, addresses, sender; for owners."""
    user = user_of(request)
    membership = organisation_for(user, request.GET.get("organisation", ""), CAN_MANAGE_TEAM)
    kept = Organisation.objects.get(pk=membership.organisation_id)  # the form writes on its own
    form = OrganisationForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        change_organisation(organisation=kept, by=user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("C’est enregistré."))
        return redirect(f"{reverse('desk_settings')}?organisation={kept.slug}")
    context = {"form": form, "campaigns": campaigns_of(membership.organisation)}
    status = 422 if form.is_bound else 200
    return page(
        request,
        "desk/settings.html",
        context,
        membership=membership,
        here="settings",
        status=status,
    )


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """What the petitions of a campaign inherit."""
    user = user_of(request)
    found, membership = campaign_for_editing(user, pk)
    names = CampaignForm.base_fields
    initial = {name: getattr(found, name) for name in names}
    form = CampaignForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_campaign(
            campaign=found,
            name=form.cleaned_data["name"],
            choices=form.choices(),
            by=user,
            now=timezone.now(),
        )
        messages.success(request, _("C’est enregistré."))
        return redirect("desk_campaign", pk)
    context = {"form": form, "campaign": found}
    status = 422 if form.is_bound else 200
    return page(
        request,
        "desk/campaign.html",
        context,
        membership=membership,
        here="settings",
        status=status,
    )
