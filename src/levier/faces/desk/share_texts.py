"""What is proposed to those who share: by a petition, by its campaign, by the organisation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.reads import latest_words
from levier.foundation.accounts.enums import CAN_MANAGE_TEAM
from levier.foundation.accounts.models import Organisation
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.campaigns.models import Campaign
from levier.foundation.campaigns.rules import campaign_for_editing
from levier.gathering.petitions.actions.sharing import set_share_texts
from levier.gathering.petitions.enums import PUBLIC, ShareNetwork
from levier.gathering.petitions.forms.sharing import ShareTextsForm
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.queries import own_share_texts, share_texts_above
from levier.gathering.petitions.rules.gates import petition_for_editing
from levier.gathering.petitions.rules.share_texts import ANY, LONGEST, words_for

TEMPLATE = "desk/share_texts.html"


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def share_texts(request: HttpRequest, slug: str) -> HttpResponse:
    """A text per network; an empty one follows the campaign, the organisation, then us."""
    place = petition_for_editing(user_of(request), slug)
    petition = place.petition
    version = latest_words(petition)
    shown = _shown(version, share_texts_above(petition))
    form = _form(request, petition, version, shown)
    if _kept(request, form, petition):
        return redirect("desk_share_texts", place.slug)
    context = {"form": form, "is_public": petition.state in PUBLIC}
    status = 422 if form.is_bound else 200
    return page(request, TEMPLATE, context, place=place, here="share", status=status)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def of_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """What every petition of a campaign proposes, unless it has its own words."""
    campaign, membership = campaign_for_editing(user_of(request), pk)
    shown = _shown(ANY, own_share_texts(campaign.organisation))
    form = _form(request, campaign, LONGEST, shown)
    if _kept(request, form, campaign):
        return redirect("desk_campaign_share", pk)
    context = {"form": form, "campaign": campaign}
    status = 422 if form.is_bound else 200
    return page(request, TEMPLATE, context, membership=membership, here="settings", status=status)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def of_organisation(request: HttpRequest) -> HttpResponse:
    """What every petition proposes, unless its campaign or itself has other words."""
    asked = request.GET.get("organisation", "")
    membership = organisation_for(user_of(request), asked, CAN_MANAGE_TEAM)
    organisation = membership.organisation
    form = _form(request, organisation, LONGEST, _shown(ANY, {}))
    if _kept(request, form, organisation):
        return redirect(f"{reverse('desk_organisation_share')}?organisation={organisation.slug}")
    status = 422 if form.is_bound else 200
    return page(
        request, TEMPLATE, {"form": form}, membership=membership, here="settings", status=status
    )


def _shown(version: Version, above: dict[str, str]) -> dict[str, str]:
    return {network.value: words_for(network, version, above) for network in ShareNetwork}


def _form(
    request: HttpRequest,
    whose: Petition | Campaign | Organisation,
    version: Version,
    shown: dict[str, str],
) -> ShareTextsForm:
    posted = request.POST if request.method == "POST" else None
    return ShareTextsForm(posted, version=version, shown=shown, initial=own_share_texts(whose))


def _kept(
    request: HttpRequest, form: ShareTextsForm, whose: Petition | Campaign | Organisation
) -> bool:
    if not form.is_valid():
        return False
    set_share_texts(whose=whose, texts=form.texts(), by=user_of(request), now=timezone.now())
    messages.success(request, _("C’est enregistré : ces mots sont proposés à qui signe."))
    return True
