"""The words of a supporter's petition, changed by its author, who works for nobody here."""

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from levier.faces.desk.doors import page, user_of
from levier.faces.desk.petition_words import FIELDS, beside
from levier.faces.desk.reads import latest_words, mandate_of
from levier.foundation.accounts.models import User
from levier.foundation.directory.actions import add_decision_maker
from levier.gathering.petitions.actions.drafting import save_draft, set_addressee
from levier.gathering.petitions.actions.theming import set_theme
from levier.gathering.petitions.errors import PetitionError
from levier.gathering.petitions.forms.petition import AuthorForm, author_initial_of
from levier.gathering.petitions.rules.gates import Place
from levier.gathering.signing.actions.opening import revise_petition
from levier.gathering.signing.queries.listing import has_signatures


def edit_words(request: HttpRequest, place: Place) -> HttpResponse:
    """The same page as the team's, with the words only."""
    now, petition = timezone.now(), place.petition
    form = AuthorForm(
        request.POST or None,
        request.FILES or None,
        organisation=place.membership.organisation,
        today=timezone.localdate(now),
        is_published=petition.published_at is not None,
        initial=author_initial_of(petition, latest_words(petition)),
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and _changed(form, place, user_of(request), now)
    ):
        messages.success(request, _("C’est enregistré."))
        return redirect("desk_preview", place.slug)
    context = {
        "form": form,
        **beside(form),
        "is_signed": has_signatures(petition.pk),
        "editable": True,
    }
    status = 422 if form.is_bound else 200
    return page(
        request, "desk/petition/form.html", context, place=place, here="edit", status=status
    )


def _changed(form: AuthorForm, place: Place, by: User, now: datetime) -> bool:
    petition, who = place.petition, form.decision_maker()
    try:
        with transaction.atomic():
            if petition.published_at is None:
                save_draft(petition=petition, words=form.words(), by=by, now=now)
            else:
                revise_petition(petition=petition, words=form.words(), by=by, now=now)
            set_theme(petition=petition, theme=form.cleaned_data["theme"], by=by, now=now)
            if who is not None and form.names_somebody_else():
                owner = place.membership.organisation
                mandate = add_decision_maker(owner=owner, who=who, by=by, now=now)
                if mandate != mandate_of(petition):
                    set_addressee(petition=petition, mandate=mandate, by=by, now=now)
    except PetitionError as error:
        form.add_error(FIELDS.get(type(error)), str(error))
        return False
    return True
