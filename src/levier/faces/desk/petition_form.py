"""Writing a petition: a new one, then its changes."""

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from levier.faces.desk.author_words import edit_words
from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.petition_words import FIELDS, beside
from levier.faces.desk.reads import latest_words, mandate_of
from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.campaigns.actions import start_campaign
from levier.foundation.directory.actions import add_decision_maker
from levier.gathering.petitions.actions.drafting import save_draft, set_addressee, start_draft
from levier.gathering.petitions.actions.opening_hours import set_closing_date
from levier.gathering.petitions.actions.terms import rename, set_form, set_goal
from levier.gathering.petitions.actions.theming import set_theme
from levier.gathering.petitions.enums import EDITABLE
from levier.gathering.petitions.errors import PetitionError
from levier.gathering.petitions.forms.petition import PetitionForm, initial_of
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.petitions.rules.concreteness import concreteness
from levier.gathering.petitions.rules.gates import Place, petition_for_writing
from levier.gathering.petitions.rules.switches import thrown_on_site
from levier.gathering.signing.actions.opening import change_count_policy, revise_petition
from levier.gathering.signing.queries.listing import has_signatures


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a petition: a draft that only the team sees."""
    user, now = user_of(request), timezone.now()
    membership = organisation_for(user, request.GET.get("organisation", ""), CAN_CAMPAIGN)
    form = PetitionForm(
        request.POST or None,
        request.FILES or None,
        organisation=membership.organisation,
        today=timezone.localdate(now),
    )
    sent = request.method == "POST" and form.is_valid()
    if sent and (stopped := thrown_on_site().launch):
        form.add_error(None, stopped)
        sent = False
    if sent and _begun(form, membership.organisation, user, now):
        messages.success(request, _("Brouillon enregistré. Votre équipe seule le voit."))
        return redirect("desk_preview", form.slug_now)
    context = {"form": form, **beside(form)}
    status = 422 if form.is_bound else 200
    return page(
        request,
        "desk/petition/form.html",
        context,
        membership=membership,
        here="petitions",
        status=status,
    )


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a draft, or publish a new version of an open petition (P6)."""
    user, now = user_of(request), timezone.now()
    place = petition_for_writing(user, slug)
    petition = place.petition
    if place.is_author:
        return edit_words(request, place)
    form = PetitionForm(
        request.POST or None,
        request.FILES or None,
        organisation=place.membership.organisation,
        today=timezone.localdate(now),
        is_published=petition.published_at is not None,
        is_addressed=petition.addressee_post_id is not None,
        initial=initial_of(petition, latest_words(petition), place.slug, mandate_of(petition)),
    )
    if request.method == "POST" and form.is_valid() and _changed(form, place, user, now):
        messages.success(request, _("C’est enregistré."))
        return redirect("desk_preview", form.slug_now)
    context = {
        "form": form,
        **beside(form),
        "is_signed": has_signatures(petition.pk),
        "editable": petition.state in EDITABLE,
    }
    status = 422 if form.is_bound else 200
    return page(
        request, "desk/petition/form.html", context, place=place, here="edit", status=status
    )


@member_page
@require_GET
def hints(request: HttpRequest) -> HttpResponse:
    """What the demand being typed still lacks (P2)."""
    ask = request.GET.get("ask", "").strip()[:1_000]
    context = {"missing": concreteness(ask) if ask else (), "typed": bool(ask)}
    return TemplateResponse(request, "desk/components/concreteness.html", context)


def _begun(form: PetitionForm, organisation: Organisation, by: User, now: datetime) -> bool:
    """Do all of it or nothing; an error goes beside its field. Sets `form.slug_now`."""
    data, words = form.cleaned_data, form.words()
    try:
        with transaction.atomic():
            campaign = data["campaign"] or start_campaign(
                organisation=organisation, name=words.title, by=by, now=now
            )
            petition = start_draft(campaign=campaign, words=words, by=by, now=now)
            _apply_terms(form, petition, organisation, by, now)
    except PetitionError as error:
        form.add_error(FIELDS.get(type(error)), str(error))
        return False
    return True


def _changed(form: PetitionForm, place: Place, by: User, now: datetime) -> bool:
    """The same, for a petition that exists."""
    petition = place.petition
    try:
        with transaction.atomic():
            if petition.published_at is None:
                save_draft(petition=petition, words=form.words(), by=by, now=now)
            else:
                revise_petition(petition=petition, words=form.words(), by=by, now=now)
            _apply_terms(form, petition, place.membership.organisation, by, now)
    except PetitionError as error:
        form.add_error(FIELDS.get(type(error)), str(error))
        return False
    return True


def _apply_terms(
    form: PetitionForm, petition: Petition, organisation: Organisation, by: User, now: datetime
) -> None:
    data, who, mandate = form.cleaned_data, form.decision_maker(), form.cleaned_data["mandate"]
    if who is not None:
        mandate = add_decision_maker(owner=organisation, who=who, by=by, now=now)
    if mandate is not None and mandate != mandate_of(petition):
        set_addressee(petition=petition, mandate=mandate, by=by, now=now)
    set_theme(petition=petition, theme=data["theme"], by=by, now=now)
    set_goal(petition=petition, goal=data["goal"], by=by, now=now)
    set_form(
        petition=petition,
        country=data["country"],
        asks_postcode=data["asks_postcode"],
        by=by,
        now=now,
    )
    set_closing_date(petition=petition, closes_at=form.closes_at(), by=by, now=now)
    policy = data["count_policy"] or None
    change_count_policy(petition=petition, policy=policy, by=by, now=now)
    slug = data["slug"]
    form.slug_now = (
        rename(petition=petition, slug=slug, by=by, now=now).slug
        if slug
        else Slug.objects.get(petition=petition, current=True).slug
    )
