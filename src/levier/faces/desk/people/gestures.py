"""What the team does on a person's card: one address for each gesture, all of them POST."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.people.card import card_page
from levier.foundation.accounts.errors import Hidden
from levier.foundation.people.actions.cards import (
    add_phone,
    correct_person,
    delete_note,
    withdraw_on_request,
    write_note,
)
from levier.foundation.people.actions.exports import record_export
from levier.foundation.people.enums import Channel, Exported, Purpose
from levier.foundation.people.errors import PeopleError
from levier.foundation.people.forms import NoteForm, PersonForm, PhoneForm
from levier.foundation.people.models.note import Note
from levier.foundation.people.rules import Card, person_for_deciding, person_for_reading
from levier.gathering.signing.actions.erase import forget_signatory
from levier.gathering.signing.queries.mine import file_of, signatures_of

INDENTED = {"indent": 2, "ensure_ascii": False}


def living(card: Card) -> Card:
    """A card that was merged takes no more gestures: its page leads to the one that was kept."""
    if card.person.merged_into_id is not None:
        raise Hidden
    return card


@member_page
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Names, postcode, country. Signatures keep what was typed on them."""
    user = user_of(request)
    card = living(person_for_reading(user, pk))
    form = PersonForm(request.POST)
    if not form.is_valid():
        return card_page(request, card, {"person_form": form})
    changed = correct_person(person=card.person, by=user, now=timezone.now(), **form.cleaned_data)
    said = _("La fiche est corrigée.") if changed else _("Rien n’a changé.")
    messages.success(request, said)
    return redirect("desk_person", pk)


@member_page
@require_POST
def phone(request: HttpRequest, pk: int) -> HttpResponse:
    """A number the person gave; it agrees to nothing."""
    user = user_of(request)
    card = living(person_for_reading(user, pk))
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            add_phone(
                person=card.person, typed=form.cleaned_data["phone"], by=user, now=timezone.now()
            )
        except PeopleError as error:
            form.add_error("phone", str(error))
        else:
            messages.success(request, _("Le numéro est ajouté. Il n’autorise pas à appeler."))
            return redirect("desk_person", pk)
    return card_page(request, card, {"phone_form": form})


@member_page
@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the team wants to remember."""
    user = user_of(request)
    card = living(person_for_reading(user, pk))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return card_page(request, card, {"note_form": form})
    write_note(person=card.person, text=form.cleaned_data["text"], by=user, now=timezone.now())
    messages.success(request, _("La note est gardée."))
    return redirect("desk_person", pk)


@member_page
@require_POST
def drop_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Forget a note."""
    user = user_of(request)
    card = living(person_for_reading(user, pk))
    found = Note.objects.filter(pk=note, person=card.person).select_related("person").first()
    if found is None:
        raise Hidden
    delete_note(note=found, by=user, now=timezone.now())
    messages.success(request, _("La note est supprimée."))
    return redirect("desk_person", pk)


@member_page
@require_POST
def withdraw_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """End an agreement, because the person asked for it."""
    user = user_of(request)
    card = living(person_for_reading(user, pk))
    channel, purpose, scope = _agreement_in(request.POST.get("accord", ""))
    if channel not in Channel.values or purpose not in Purpose.values:
        messages.error(request, _("Choisissez l’accord à retirer."))
        return redirect("desk_person", pk)
    done = withdraw_on_request(
        person=card.person,
        channel=channel,
        purpose=purpose,
        scope=scope,
        by=user,
        now=timezone.now(),
    )
    messages.success(
        request,
        _("L’accord est retiré.") if done else _("Cet accord n’était déjà plus en vigueur."),
    )
    return redirect("desk_person", pk)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what happens; POST erases (P64)."""
    user = user_of(request)
    card = living(person_for_deciding(user, pk))
    if request.method == "POST":
        forget_signatory(
            person=card.person,
            withdraw_too=request.POST.get("retirer") == "oui",
            by=user,
            now=timezone.now(),
        )
        messages.success(request, _("La personne est oubliée. Son adresse est refusée désormais."))
        return redirect("desk_people")
    standing = [mine for mine in signatures_of(card.person) if mine.standing]
    context = {"card": card, "person": card.person, "standing": standing}
    return page(
        request, "desk/people/forget.html", context, membership=card.membership, here="people"
    )


@member_page
@require_POST
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is held on a person, for them (RGPD, articles 15 and 20). Taking it is noted."""
    user, now = user_of(request), timezone.now()
    card = living(person_for_deciding(user, pk))
    record_export(
        organisation=card.person.organisation,
        what=Exported.PERSON,
        subject=f"person:{card.person.pk}",
        rows=1,
        person=card.person,
        by=user,
        now=now,
    )
    told = {"organisation": card.person.organisation.legal_name, **file_of(card.person)}
    response = JsonResponse(told, json_dumps_params=INDENTED)
    response["Content-Disposition"] = f'attachment; filename="donnees-{card.person.pk}.json"'
    return response


def _agreement_in(value: str) -> tuple[str, str, str]:
    """« email:petition_news:petition:12 » in its three parts; the last one is often empty."""
    channel, _colon, rest = value.partition(":")
    purpose, _colon, scope = rest.partition(":")
    return channel, purpose, scope
