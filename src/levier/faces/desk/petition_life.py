"""What becomes of a petition: another address, other hands, a victory, an end."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.desk.doors import member_page, page, user_of
from levier.gathering.petitions.actions.removing import remove as remove_petition
from levier.gathering.petitions.actions.terms import rename as rename_petition
from levier.gathering.petitions.actions.winning import mark_won
from levier.gathering.petitions.enums import PUBLIC
from levier.gathering.petitions.errors import PetitionError
from levier.gathering.petitions.forms.life import (
    AddressForm,
    RemovalForm,
    TransferForm,
    VictoryForm,
)
from levier.gathering.petitions.models.victory import Victory
from levier.gathering.petitions.rules.gates import (
    Place,
    petition_for_editing,
    petition_for_leading,
)
from levier.gathering.signing.actions.hand_over import hand_over

both = require_http_methods(["GET", "HEAD", "POST"])


@member_page
@both
def victory(request: HttpRequest, slug: str) -> HttpResponse:
    """Declare a victory, or correct what its page says (P62)."""
    user, now = user_of(request), timezone.now()
    place = petition_for_editing(user, slug)
    told = Victory.objects.filter(petition=place.petition).first()
    names = ("decision", "decided_on", "evidence_url", "evidence_label")
    initial = {name: getattr(told, name) for name in names} if told else {}
    initial["kept_evidence"] = told.evidence_file if told else ""
    form = VictoryForm(
        request.POST or None,
        request.FILES or None,
        initial=initial,
        today=timezone.localdate(now),
    )

    def win() -> None:
        mark_won(petition=place.petition, decision=form.decided(), by=user, now=now)

    if _sent(form) and _done(request, form, win, _("La page de la victoire est en ligne.")):
        return redirect("desk_petition", place.slug)
    return _asked(request, "victory", place, form, told=told, ready=place.petition.state in PUBLIC)


@member_page
@both
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Take it away from the public, saying why."""
    user = user_of(request)
    place = petition_for_leading(user, slug)
    form = RemovalForm(request.POST or None)

    def take_away() -> None:
        remove_petition(
            petition=place.petition,
            reason=form.cleaned_data["reason"],
            by=user,
            now=timezone.now(),
        )

    if _sent(form) and _done(request, form, take_away, _("La pétition est retirée.")):
        return redirect("desk_petition", place.slug)
    return _asked(request, "remove", place, form, ready=place.petition.state in PUBLIC)


@member_page
@both
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    """Another address; links to the old one lead to it."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    form = AddressForm(request.POST or None, initial={"slug": place.slug})

    def move() -> None:
        rename_petition(
            petition=place.petition,
            slug=form.cleaned_data["slug"],
            by=user,
            now=timezone.now(),
        )

    if _sent(form) and _done(request, form, move, _("La pétition a changé d’adresse."), "slug"):
        return redirect("desk_petition_settings", form.cleaned_data["slug"])
    return _asked(request, "rename", place, form)


@member_page
@both
def transfer(request: HttpRequest, slug: str) -> HttpResponse:
    """To another campaign, or in another name."""
    user = user_of(request)
    place = petition_for_leading(user, slug)
    petition = place.petition
    form = TransferForm(
        request.POST or None,
        organisation=place.membership.organisation,
        author=petition.author,
        initial={"campaign": petition.campaign_id, "author": petition.author_id},
    )

    def hand() -> None:
        hand_over(petition=petition, by=user, now=timezone.now(), **form.cleaned_data)

    if _sent(form) and _done(request, form, hand, _("C’est transmis.")):
        return redirect("desk_petition_settings", place.slug)
    return _asked(request, "transfer", place, form)


def _sent(form: forms.Form) -> bool:
    return form.is_bound and form.is_valid()


def _done(
    request: HttpRequest,
    form: forms.Form,
    action: Callable[[], None],
    said: str,
    field: str | None = None,
) -> bool:
    """Whether it was; an error goes beside its field."""
    try:
        action()
    except PetitionError as error:
        form.add_error(field, str(error))
        return False
    messages.success(request, said)
    return True


def _asked(
    request: HttpRequest, name: str, place: Place, form: forms.Form, **more: Any
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"form": form, **more}
    template = f"desk/petition/{name}.html"
    return page(request, template, context, place=place, here="settings_petition", status=status)
