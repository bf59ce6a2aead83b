"""Supporters' petitions, read by the team before anyone else (P5)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.reads import latest_words, mandate_of
from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.queries import memberships_of
from levier.foundation.accounts.rules import organisation_for
from levier.gathering.petitions.actions.reviewing import refuse as refuse_petition
from levier.gathering.petitions.enums import PUBLIC, PetitionState
from levier.gathering.petitions.errors import PetitionError
from levier.gathering.petitions.forms.review import RefusalForm
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.petitions.rules.concreteness import concreteness
from levier.gathering.petitions.rules.gates import (
    Place,
    petition_for_editing,
    petition_for_writing,
)
from levier.gathering.petitions.rules.previews import preview_path
from levier.gathering.petitions.rules.reviewers import reviews_of, waiting_for
from levier.gathering.signing.actions.launch import approve_petition, offer_petition


@member_page
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits to be read, in the teams where this user may approve."""
    user = user_of(request)
    membership = organisation_for(user, request.GET.get("organisation", ""), CAN_CAMPAIGN)
    welcoming = [place.organisation for place in memberships_of(user) if _welcomes(place)]
    context = {"waiting": waiting_for(user), "welcoming": welcoming}
    return page(request, "desk/reviews.html", context, membership=membership, here="reviews")


@member_page
@require_safe
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """One petition as it will be, with what to decide."""
    place = petition_for_editing(user_of(request), slug)
    return _page(request, place, RefusalForm())


@member_page
@require_POST
def approve(request: HttpRequest, slug: str) -> HttpResponse:
    """Open it to the public, as it was read."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    seen = request.POST.get("seen", "")
    try:
        approve_petition(petition=place.petition, seen=seen, by=user, now=timezone.now())
    except PetitionError as error:
        messages.error(request, str(error))
        return redirect("desk_review", place.slug)
    messages.success(request, _("La pétition est ouverte, et son auteur ou autrice le sait."))
    return redirect("desk_petition", place.slug)


@member_page
@require_POST
def refuse(request: HttpRequest, slug: str) -> HttpResponse:
    """Give it back with the reason; the text is kept."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, place, form, status=422)
    data = form.cleaned_data
    try:
        refuse_petition(
            petition=place.petition,
            seen=request.POST.get("seen", ""),
            reason=data["reason"],
            by=user,
            now=timezone.now(),
        )
    except PetitionError as error:
        form.add_error(None, str(error))
        return _page(request, place, form, status=422)
    messages.success(request, _("La raison est partie par courriel ; le texte est gardé."))
    return redirect("desk_reviews")


@member_page
@require_POST
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """The author offers a draft again: to the team, or to everyone where nobody reads first."""
    user = user_of(request)
    place = petition_for_writing(user, slug)
    try:
        petition = offer_petition(petition=place.petition, by=user, now=timezone.now())
    except PetitionError as error:
        messages.error(request, str(error))
    else:
        is_open = petition.state in PUBLIC
        said = _("La pétition est ouverte.") if is_open else _("L’équipe va la relire.")
        messages.success(request, said)
    return redirect("desk_preview", place.slug)


def _page(
    request: HttpRequest, place: Place, form: RefusalForm, *, status: int = 200
) -> HttpResponse:
    petition, words = place.petition, latest_words(place.petition)
    family = petition.addressee_person.family_name if petition.addressee_person else ""
    context: dict[str, Any] = {
        "form": form,
        "version": words,
        "seen": bytes(words.sha256).hex(),
        "mandate": mandate_of(petition),
        "addressee": addressee_of(petition),
        "missing": concreteness(words.ask, deciders=[family]),
        "look": preview_path(petition, now=timezone.now()),
        "waits": petition.state == PetitionState.IN_REVIEW,
        "past": reviews_of(petition),
    }
    return page(
        request, "desk/petition/review.html", context, place=place, here="reviews", status=status
    )


def _welcomes(place: Any) -> bool:
    return place.organisation.welcomes_petitions and place.role in CAN_CAMPAIGN
