"""The extra questions of a petition's form, and how they will look (P8)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.desk.doors import member_page, page, user_of
from levier.gathering.petitions.forms.fields import questions_form
from levier.gathering.petitions.rules.fields import asked_in, declared_in
from levier.gathering.petitions.rules.gates import petition_for_editing
from levier.gathering.signing.actions.declare_fields import declare_fields


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """Five lines, filled or not."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    petition = place.petition
    asked = asked_in(petition.fields)
    formset = questions_form(request.POST or None, asked)
    if request.method == "POST" and formset.is_valid():
        told = formset.declared(declared_in(petition.fields))
        declare_fields(petition=petition, asked=told, by=user, now=timezone.now())
        messages.success(request, _("C’est enregistré : le formulaire pose ces questions."))
        return redirect("desk_petition_fields", place.slug)
    context = {
        "formset": formset,
        "asked": asked,
        "retired": [one for one in declared_in(petition.fields) if one.retired],
    }
    return page(
        request,
        "desk/petition/fields.html",
        context,
        place=place,
        here="settings_petition",
        status=422 if formset.is_bound else 200,
    )
