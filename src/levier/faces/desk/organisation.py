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
from levier.foundation.campaigns.forms import CampaignForm, ChoicesForm, initial_choices
from levier.foundation.campaigns.models import INHERITED
from levier.foundation.campaigns.queries import campaigns_of, choices_of
from levier.foundation.campaigns.rules import campaign_for_editing, can_lead
from levier.gathering.petitions.rules.site import runs_the_site
from levier.gathering.signing.actions.choices import (
    change_campaign_choices,
    change_organisation_choices,
)


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
    context = {
        "form": form,
        "campaigns": campaigns_of(membership.organisation),
        "runs_the_site": runs_the_site(membership),
    }
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
def choices(request: HttpRequest) -> HttpResponse:
    """What campaigns follow; for owners."""
    user = user_of(request)
    membership = organisation_for(user, request.GET.get("organisation", ""), CAN_MANAGE_TEAM)
    organisation = membership.organisation
    held = initial_choices(choices_of(organisation), INHERITED)
    form = ChoicesForm(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        change_organisation_choices(
            organisation=organisation, chosen=form.chosen(), by=user, now=timezone.now()
        )
        messages.success(request, _("C’est enregistré : les campagnes qui suivent ont changé."))
        return redirect(f"{reverse('desk_choices')}?organisation={organisation.slug}")
    return page(
        request,
        "desk/choices.html",
        {"form": form},
        membership=membership,
        here="settings",
        status=422 if form.is_bound else 200,
    )


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """What the petitions of a campaign inherit: its own choices, or the organisation's."""
    user = user_of(request)
    found, membership = campaign_for_editing(user, pk)
    form = CampaignForm(
        request.POST or None,
        above=choices_of(membership.organisation),
        whose=_("l’organisation"),
        initial={"name": found.name, **initial_choices(found, found.own)},
    )
    if request.method == "POST" and form.is_valid():
        change_campaign_choices(
            campaign=found,
            name=form.cleaned_data["name"],
            own=form.chosen(),
            by=user,
            now=timezone.now(),
        )
        messages.success(request, _("C’est enregistré."))
        return redirect("desk_campaign", pk)
    context = {"form": form, "campaign": found, "leads": can_lead(user, found, membership)}
    return page(
        request,
        "desk/campaign.html",
        context,
        membership=membership,
        here="settings",
        status=422 if form.is_bound else 200,
    )
