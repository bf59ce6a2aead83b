"""A draft of `/lancer/` as the petition it would be, in memory: read before it exists (P7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from levier.faces.public.launch.steps import PLACES, STEPS, Step, form_of
from levier.faces.public.launch.visit import Visit, launch_page
from levier.faces.public.unpublished import (
    as_opened,
    unpublished_card,
    unpublished_mail,
    unpublished_page,
)
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.models import Campaign
from levier.foundation.common.html_cleaning import html_from_markdown
from levier.foundation.directory.models import Organization, PersonInOffice, Post
from levier.foundation.directory.rules import family_name
from levier.gathering.petitions.actions.drafting import free_slug
from levier.gathering.petitions.forms.launch import OWN, WhoForm
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.queries import PetitionPage
from levier.gathering.petitions.rules.launch import welcoming

NOBODY = 0  # no row has this key: what is read about it is empty


@dataclass(frozen=True, kw_only=True)
class Lack:
    """A step that is not ready, and what is wrong with it."""

    step: Step
    sentences: list[str]


def filled(typed: Mapping[str, str], *, now: datetime) -> dict[str, forms.Form]:
    """The forms of the first four steps, bound to what was typed and checked."""
    bound = {step.key: form_of(step, dict(typed), now=now) for step in STEPS if step.form}
    for form in bound.values():
        form.is_valid()
    return bound


def lacks(bound: Mapping[str, forms.Form]) -> list[Lack]:
    """What must be mended before publishing, step by step."""
    found = []
    for key, form in bound.items():
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        if isinstance(form, WhoForm) and not sentences and not form.is_settled():
            sentences = [_("Dites la fonction et l’institution de qui peut décider.")]
        if sentences:
            found.append(Lack(step=STEPS[PLACES[key]], sentences=sentences))
    return found


def page_of(visit: Visit, *, now: datetime) -> PetitionPage:
    """The petition that the draft would make, whatever is still missing."""
    typed = visit.typed
    bound = filled(typed, now=now)
    organisation = _organisation(typed)
    petition = Petition(
        pk=NOBODY,
        campaign=Campaign(pk=NOBODY, organisation=organisation, name=""),
        author=_author(visit.request, typed),
        country=organisation.country,
        created_at=now,
        **_addressee(bound["qui"], typed),
    )
    version = Version(
        petition=petition,
        n=1,
        title=typed.get("title", ""),
        ask=typed.get("ask", ""),
        story=html_from_markdown(typed.get("story", "")),
        created_at=now,
        **{
            name: typed.get(field, "")
            for name, field in (
                ("image", "kept_image"),
                ("image_alt", "image_alt"),
                ("image_credit", "image_credit"),
            )
        },
    )
    slug = free_slug(version.title or _("votre pétition"))
    return as_opened(petition, version, slug, now=now)


@launch_page
@require_safe
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    return unpublished_page(page_of(visit, now=timezone.now()))


@launch_page
@require_safe
def card(request: HttpRequest, visit: Visit) -> HttpResponse:
    return unpublished_card(page_of(visit, now=timezone.now()))


@launch_page
@require_safe
def mail(request: HttpRequest, visit: Visit) -> HttpResponse:
    return unpublished_mail(page_of(visit, now=timezone.now()))


def _organisation(typed: Mapping[str, str]) -> Organisation:
    carrier = typed.get("carrier", "")
    found = welcoming().filter(slug=carrier).first() if carrier not in ("", OWN) else None
    if found is not None:
        return found
    name = typed.get("legal_name") or typed.get("name") or _("Votre collectif")
    address = typed.get("postal_address") or _("votre adresse postale")
    return Organisation(pk=NOBODY, name=name, legal_name=name, postal_address=address)


def _author(request: HttpRequest, typed: Mapping[str, str]) -> User:
    if isinstance(request.user, User):
        return request.user
    return User(pk=NOBODY, name=typed.get("name") or _("vous"))


def _addressee(form: forms.Form, typed: Mapping[str, str]) -> dict[str, Any]:
    mandate = form.cleaned_data.get("mandate")
    if mandate is not None:
        return {"addressee_person": mandate.person, "addressee_post": mandate.post}
    post, name = typed.get("who_post", ""), typed.get("who_name", "")
    if not post:
        return {"addressee_text": typed.get("search", "") or name}
    person = PersonInOffice(
        name=name,
        honorific_prefix=typed.get("who_honorific", ""),
        family_name=family_name(name),
    )
    institution = Organization(name=typed.get("who_institution", ""))
    return {
        "addressee_person": person if name else None,
        "addressee_post": Post(organization=institution, label=post),
    }
