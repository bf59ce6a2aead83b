"""How the addressee of a petition is reached: what may be shown, what stays in the team (U45)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.directory.actions import add_contact, change_contact, delete_contact
from levier.foundation.directory.errors import ContactTaken, DirectoryError
from levier.foundation.directory.forms import ContactChangeForm, ContactForm
from levier.foundation.directory.queries import contacts_of
from levier.gathering.petitions.rules.contacts import contact_for_editing
from levier.gathering.petitions.rules.gates import Place, petition_for_editing


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: HttpRequest, slug: str) -> HttpResponse:
    """What is known, and a form for one more."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    petition = place.petition
    form = ContactForm(
        request.POST or None, post=petition.addressee_post, person=petition.addressee_person
    )
    if request.method == "POST" and form.is_valid():
        try:
            add_contact(whose=form.owner(), how=form.how(), by=user, now=timezone.now())
        except DirectoryError as error:
            form.add_error("value", str(error))
        else:
            messages.success(request, _("C’est noté."))
            return redirect("desk_contacts", place.slug)
    known = contacts_of(petition.addressee_post, petition.addressee_person)
    context = {"form": form, "contacts": known, "is_addressed": bool(form.owners)}
    return _page(request, place, "desk/contacts/contacts.html", context)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write one otherwise."""
    user = user_of(request)
    place, found = contact_for_editing(user, slug, pk)
    form = ContactChangeForm(request.POST or None, contact=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_contact(contact=found, how=form.how(), by=user, now=timezone.now())
        except ContactTaken as error:
            form.add_error("value", str(error))
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect("desk_contacts", place.slug)
    context = {"form": form, "contact": found}
    return _page(request, place, "desk/contacts/contact.html", context)


@member_page
@require_POST
def delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Forget one, unless something published leads to it."""
    user = user_of(request)
    place, found = contact_for_editing(user, slug, pk)
    try:
        delete_contact(contact=found, by=user, now=timezone.now())
    except DirectoryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Ce moyen est effacé."))
    return redirect("desk_contacts", place.slug)


def _page(
    request: HttpRequest, place: Place, template: str, context: dict[str, Any]
) -> HttpResponse:
    status = 422 if context["form"].is_bound else 200
    return page(request, template, context, place=place, here="contacts", status=status)
