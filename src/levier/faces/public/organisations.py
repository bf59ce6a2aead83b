"""Signing as an organisation: a form apart, a mailbox that answers, a list of names."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from levier.faces.public.own_pages import from_own_pages
from levier.faces.public.pages import page_or_404
from levier.faces.public.private import private_page, see_other
from levier.faces.public.visits import count_visit
from levier.foundation.common.tokens import BadToken
from levier.gathering.petitions.forms.organisation import OrganisationSignatureForm
from levier.gathering.petitions.queries import PetitionPage, current_slug
from levier.gathering.petitions.rules.phases import is_signable
from levier.gathering.petitions.rules.switches import thrown_for
from levier.gathering.signing.actions.organisation_signatures import (
    Told,
    confirm_organisation,
    sign_as_organisation,
    withdraw_organisation,
)
from levier.gathering.signing.errors import NoLongerStanding, TooManyFromHere
from levier.gathering.signing.models.organisation_signature import OrganisationSignature
from levier.gathering.signing.queries.organisations import organisations_behind
from levier.gathering.signing.rules.links import organisation_in


@from_own_pages
@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: HttpRequest, slug: str) -> HttpResponse:
    """The list of those that signed, and the form for one more."""
    page = page_or_404(slug)
    if page.slug != slug and request.method != "POST":
        return redirect("organisations", page.slug, permanent=True)
    posted = request.method == "POST"
    form = OrganisationSignatureForm(*((request.POST, request.FILES) if posted else ()))
    open_now = is_signable(page.petition, now=timezone.now())
    if not posted or not open_now or thrown_for(page.petition).signatures:
        return _page(request, page, form, status=410 if posted else 200)
    if not form.is_valid():
        return _page(request, page, form, status=422)
    try:
        count_visit(request)
    except TooManyFromHere as refusal:
        form.add_error("email", str(refusal))
        return _page(request, page, form, status=429)
    if not form.is_trapped():
        names = ("name", "website", "contact_name", "contact_role", "email")
        told = Told(**{name: form.cleaned_data[name] for name in names}, logo=form.picture())
        now, title = timezone.now(), page.version.title
        sign_as_organisation(petition=page.petition, title=title, told=told, now=now)
    return see_other(f"{reverse('organisations', args=[page.slug])}?fait=envoi#suite")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest, token: str) -> HttpResponse:
    """From its mailbox: GET tells and changes nothing (P26), POST confirms."""
    signed = _signed(token)
    if request.method == "POST":
        try:
            confirm_organisation(signed=signed.pk, now=timezone.now())
        except NoLongerStanding as error:
            raise BadToken from error
        return see_other(reverse("organisation", args=[token]))
    petition = signed.petition
    context = {
        "signed": signed,
        "token": token,
        "title": petition.version.title if petition.version else "",
        "organisation": petition.campaign.organisation,
        "slug": current_slug(signed.petition_id) or "",
    }
    return render(request, "public/organisations/mine.html", context)


@private_page
@require_POST
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """It leaves the list, and who wrote for it is forgotten."""
    withdraw_organisation(signed=_signed(token).pk, now=timezone.now())
    return see_other(reverse("organisation_gone"))


@private_page
@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "public/organisations/gone.html")


def _signed(token: str) -> OrganisationSignature:
    """The gate: only its mailbox has the token; nothing behind it once it is withdrawn."""
    rows = OrganisationSignature.objects.select_related(
        "petition__version", "petition__campaign__organisation"
    ).exclude(state="withdrawn")
    found = rows.filter(pk=organisation_in(token, now=timezone.now())).first()
    if found is None:
        raise BadToken
    return found


def _page(
    request: HttpRequest, page: PetitionPage, form: OrganisationSignatureForm, *, status: int
) -> HttpResponse:
    thrown = thrown_for(page.petition)
    context: dict[str, Any] = {
        "slug": page.slug,
        "version": page.version,
        "organisation": page.petition.campaign.organisation,
        "signed": organisations_behind(page.petition),
        "form": form,
        "kept_logo": form.picture() if form.is_bound else "",
        "signable": is_signable(page.petition, now=timezone.now()) and not thrown.signatures,
        "thrown": thrown,
        "sent": request.GET.get("fait") == "envoi",
    }
    response = render(request, "public/organisations/page.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
