"""One person: who they are, how to reach them, what they agreed to, all that happened."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.people.timeline import told, with_titles
from levier.foundation.messaging.queries.deliveries import history_of
from levier.foundation.people.enums import Channel
from levier.foundation.people.forms import NoteForm, PersonForm, PhoneForm, TagForm
from levier.foundation.people.models.merge import Merge
from levier.foundation.people.models.note import Note
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.models.tag import PersonTag, Tag
from levier.foundation.people.queries.agreements import agreements_of
from levier.foundation.people.queries.timeline import activities_of, cards_of, cursor_before
from levier.foundation.people.rules import Card, person_for_reading, stopped_channels
from levier.gathering.petitions.rules.consents import what_is_received
from levier.gathering.signing.queries.mine import signatures_of

LINES = 30
MESSAGES = 20
IDENTITY = ("honorific", "first_name", "last_name", "postcode", "country")
#: What our own messages are called.
MESSAGE_NAMES = {
    "signing/thanks": _("Remerciements"),
    "signing/confirmation": _("Demande de confirmation"),
    "signing/already": _("Rappel d’une signature déjà faite"),
    "signing/reminder": _("Relance pour confirmer"),
    "signing/my_link": _("Lien de « Mes signatures »"),
    "signing/new_address": _("Changement d’adresse"),
    "signing/withdrawn": _("Reçu d’un retrait"),
}


@member_page
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A card that was merged leads to the one that was kept."""
    card = person_for_reading(user_of(request), pk)
    if card.person.merged_into_id is not None:
        return redirect("desk_person", card.person.merged_into_id)
    return card_page(request, card)


@member_page
@require_safe
def older(request: HttpRequest, pk: int) -> HttpResponse:
    """The timeline alone, further back."""
    card = person_for_reading(user_of(request), pk)
    if card.person.merged_into_id is not None:
        return redirect("desk_person", card.person.merged_into_id)
    context = {"card": card, **_timeline(card, request.GET.get("avant", ""))}
    return page(
        request, "desk/people/older.html", context, membership=card.membership, here="people"
    )


def card_page(
    request: HttpRequest, card: Card, forms: dict[str, Any] | None = None
) -> HttpResponse:
    """The card, with forms as somebody left them when something in them was wrong."""
    somebody = card.person
    context: dict[str, Any] = {
        "card": card,
        "person": somebody,
        "points": ContactPoint.objects.filter(person=somebody).exclude(typed="").order_by("pk"),
        "agreements": [
            (said, Channel(said.channel).label, what_is_received(said.purpose, title))
            for said, title in with_titles(agreements_of(somebody))
        ],
        "stopped": max(stopped_channels(somebody).values(), default=None),
        "tags": Tag.objects.filter(
            pk__in=PersonTag.objects.filter(person=somebody).values("tag")
        ).order_by("folded"),
        "known_tags": Tag.objects.filter(organisation=somebody.organisation).order_by("folded"),
        "notes": Note.objects.filter(person=somebody).select_related("by").order_by("-at", "-pk"),
        "signatures": signatures_of(somebody),
        "messages_sent": _messages(card),
        "merges": Merge.objects.filter(kept=somebody, undone_at=None).select_related("by"),
        "person_form": PersonForm(initial={name: getattr(somebody, name) for name in IDENTITY}),
        "phone_form": PhoneForm(),
        "note_form": NoteForm(),
        "tag_form": TagForm(),
        **_timeline(card),
        **(forms or {}),
        "forms_in_error": list((forms or {}).values()),
    }
    return page(
        request,
        "desk/people/person.html",
        context,
        membership=card.membership,
        here="people",
        status=422 if forms else 200,
    )


def _timeline(card: Card, cursor: str = "") -> dict[str, Any]:
    rows = list(activities_of(cards_of(card.person), cursor)[: LINES + 1])
    more = len(rows) > LINES
    return {
        "timeline": told(rows[:LINES]),
        "older": cursor_before(rows[LINES - 1]) if more else "",
    }


def _messages(card: Card) -> list[dict[str, Any]]:
    return [
        {
            "name": MESSAGE_NAMES.get(sent.message.template.key, sent.message.template.key),
            "to": sent.contact_point.typed,
            "state": sent.get_state_display(),
            "why": sent.last_reply,
            "at": sent.finished_at or sent.created_at,
        }
        for sent in history_of(card.person)[:MESSAGES]
    ]
