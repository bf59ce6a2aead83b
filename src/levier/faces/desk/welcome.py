"""Whether an organisation takes its supporters' petitions, and reads them first."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.actions import set_welcome
from levier.foundation.accounts.enums import CAN_MANAGE_TEAM
from levier.foundation.accounts.forms import WelcomeForm
from levier.foundation.accounts.rules import organisation_for


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """For owners."""
    user = user_of(request)
    membership = organisation_for(user, request.GET.get("organisation", ""), CAN_MANAGE_TEAM)
    organisation = membership.organisation
    initial = {name: getattr(organisation, name) for name in WelcomeForm.base_fields}
    form = WelcomeForm(request.POST or None, initial=initial)
    if request.method == "POST":
        form = WelcomeForm(request.POST)
        if form.is_valid():
            set_welcome(organisation=organisation, by=user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("C’est enregistré."))
            return redirect(f"{reverse('desk_welcome')}?organisation={organisation.slug}")
    status = 422 if form.is_bound else 200
    return page(
        request,
        "desk/welcome.html",
        {"form": form},
        membership=membership,
        here="settings",
        status=status,
    )
