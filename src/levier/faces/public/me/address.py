"""One's address: another one takes its place once its own mailbox has said so (P31)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.public.me.notices import back
from levier.faces.public.private import private_page, see_other
from levier.faces.public.visits import count_visit
from levier.foundation.people.actions.addresses import cancel_proposed_address
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.rules import canonical_email
from levier.gathering.signing.actions.change_address import change_address
from levier.gathering.signing.actions.request_new_address import request_new_address
from levier.gathering.signing.errors import AddressTaken, TooManyChanges, TooManyFromHere
from levier.gathering.signing.forms import AddressForm
from levier.gathering.signing.rules.links import (
    address_change_in,
    mailbox_from_token,
    my_token,
    proposed_address,
)

PAGE = ["GET", "HEAD", "POST"]


@private_page
@require_http_methods(PAGE)
def change(request: HttpRequest, token: str) -> HttpResponse:
    """The answer is the same whether somebody has the new address already or not."""
    mailbox = mailbox_from_token(token, now=timezone.now())
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form(request, token, mailbox, form)
    if not form.is_valid() or _is_own(form, mailbox) or form.meant():
        return _form(request, token, mailbox, form, status=422)
    try:
        count_visit(request)
        email = form.cleaned_data["email"]
        request_new_address(contact_point=mailbox, email=email, now=timezone.now())
    except (TooManyFromHere, TooManyChanges) as refusal:
        form.add_error("email", str(refusal))
        return _form(request, token, mailbox, form, status=429)
    return back(token, "nouvelle-adresse")


@private_page
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """From the old mailbox: nothing changes after all."""
    cancel_proposed_address(person=mailbox_from_token(token, now=timezone.now()).person)
    return back(token, "adresse-gardee")


@private_page
@require_http_methods(PAGE)
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """From the new mailbox: GET asks and changes nothing (P26), POST changes."""
    now = timezone.now()
    asked = address_change_in(token, now=now)
    _old, new = proposed_address(asked)
    context = {"here": "me", "token": token, "new": new, "organisation": new.organisation}
    if request.method != "POST":
        return render(request, "public/me/new_address.html", context)
    try:
        mine = change_address(change=asked, now=now)
    except AddressTaken:
        return render(request, "public/me/new_address.html", {**context, "taken": True}, status=409)
    return back(my_token(mine.pk, now=now), "adresse")


@private_page
@require_POST
def refusal(request: HttpRequest, token: str) -> HttpResponse:
    """From the new mailbox: « Ce n’était pas moi »."""
    _old, new = proposed_address(address_change_in(token, now=timezone.now()))
    cancel_proposed_address(person=new.person)
    return see_other(reverse("me_ask") + "?fait=refus")


def _is_own(form: AddressForm, mailbox: ContactPoint) -> bool:
    own = canonical_email(form.cleaned_data["email"]) == mailbox.canonical
    if own:
        form.add_error("email", _("C’est déjà votre adresse."))
    return own


def _form(
    request: HttpRequest, token: str, mailbox: ContactPoint, form: AddressForm, status: int = 200
) -> HttpResponse:
    context = {
        "here": "me",
        "token": token,
        "mailbox": mailbox,
        "organisation": mailbox.organisation,
        "form": form,
        "meant": form.meant() if form.is_bound and form.is_valid() else "",
    }
    return render(request, "public/me/address.html", context, status=status)
