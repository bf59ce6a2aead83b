"""What a petition chose for itself, and what it inherits."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.campaigns.forms import ChoicesForm, initial_choices
from levier.foundation.campaigns.models import INHERITED
from levier.gathering.petitions.errors import PolicyFrozen
from levier.gathering.petitions.rules.choices import in_force
from levier.gathering.petitions.rules.gates import petition_for_editing
from levier.gathering.signing.actions.choices import change_petition_choices
from levier.gathering.signing.queries.listing import has_signatures


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Each choice, inherited or not; the way to the other screens of its life."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    petition = place.petition
    form = ChoicesForm(
        request.POST or None,
        above=petition.campaign,
        whose=_("la campagne"),
        initial=initial_choices(petition, INHERITED),
    )
    is_signed = has_signatures(petition.pk)
    if is_signed:  # its rule is said in words: nothing to choose any more (P16)
        form.keep("count_policy", petition.count_policy)
    if request.method == "POST" and form.is_valid():
        try:
            change_petition_choices(
                petition=petition, own=form.chosen(), by=user, now=timezone.now()
            )
        except PolicyFrozen as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect("desk_petition_settings", place.slug)
    context = {
        "form": form,
        "is_signed": is_signed,
        "count_policy": in_force(petition, "count_policy"),
    }
    return page(
        request,
        "desk/petition/settings.html",
        context,
        place=place,
        here="settings_petition",
        status=422 if form.is_bound else 200,
    )
