"""Organisations that asked to sign: read, shown or not."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.gathering.petitions.rules.gates import petition_for_moderating
from levier.gathering.signing.actions import organisation_signatures as actions
from levier.gathering.signing.enums import OrganisationState
from levier.gathering.signing.errors import SigningError
from levier.gathering.signing.models.organisation_signature import OrganisationSignature
from levier.gathering.signing.queries.organisations import organisation_counts, organisations_in

PER_PAGE = 50
TABS = {
    "a-relire": (OrganisationState.WAITING, _("À relire")),
    "publiees": (OrganisationState.PUBLISHED, _("Publiées")),
    "refusees": (OrganisationState.REFUSED, _("Refusées")),
    "a-confirmer": (OrganisationState.UNCONFIRMED, _("À confirmer")),
}


@member_page
@require_safe
def organisations(request: HttpRequest, slug: str) -> HttpResponse:
    """One tab at a time."""
    place = petition_for_moderating(user_of(request), slug)
    chosen = request.GET.get("etat", "")
    tab = chosen if chosen in TABS else "a-relire"
    counts = organisation_counts(place.petition)
    found = Paginator(organisations_in(place.petition, TABS[tab][0]), PER_PAGE)
    context = {
        "tab": tab,
        "tabs": [(name, label, counts.get(state, 0)) for name, (state, label) in TABS.items()],
        "organisations": found.get_page(request.GET.get("page")),
    }
    return page(request, "desk/organisations.html", context, place=place, here="organisations")


@member_page
@require_POST
def publish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show its name."""
    said = _("Son nom paraît dans la liste. Un courriel le lui dit.")
    return _decided(request, slug, pk, actions.publish_organisation, said)


@member_page
@require_POST
def refuse(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show it no more, or never."""
    said = _("Son nom ne paraît pas. Un courriel le lui dit.")
    return _decided(request, slug, pk, actions.refuse_organisation, said)


def _decided(
    request: HttpRequest, slug: str, pk: int, action: Callable[..., Any], said: Any
) -> HttpResponse:
    user = user_of(request)
    place = petition_for_moderating(user, slug)
    signed = OrganisationSignature.objects.filter(petition=place.petition, pk=pk).first()
    if signed is None:
        raise Http404
    try:
        action(signed=signed, title=place.title, by=user, now=timezone.now())
    except SigningError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    back = request.POST.get("etat", "")
    query = f"?etat={back}" if back in TABS else ""
    return redirect(f"{reverse('desk_organisations', args=[place.slug])}{query}")
