"""Leaving a mailing: a page with a button, and the one-click of mail programs (RFC 8058)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.public.private import private_page
from levier.foundation.messaging.actions.unsubscribe import unsubscribe
from levier.foundation.messaging.rules.addresses import (
    Unsubscription,
    preferences_token,
    unsubscription_in,
)
from levier.foundation.people.enums import Purpose
from levier.foundation.people.models.person import Person
from levier.foundation.people.queries.cards import living_card
from levier.gathering.petitions.queries import titles_of_scopes
from levier.gathering.signing.actions.stop_everything import stop_everything_by_link
from levier.gathering.signing.queries.reasons import signed_on


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscription(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks and changes nothing (J28). POST ends what the mail rested on and nothing else
    (U35), with or without a body, as often as one likes, and after an erasure too: always 200, no
    cookie, no redirection. Links never expire."""
    asked = unsubscription_in(token, now=timezone.now())
    if request.method == "POST":
        unsubscribe(
            person=asked.person,
            purpose=asked.purpose,
            scope=asked.scope,
            message=asked.message,
            now=timezone.now(),
        )
    return _page(request, token, asked, done=request.method == "POST")


@private_page
@require_POST
def from_everything(request: HttpRequest, token: str) -> HttpResponse:
    """The second choice of the same page: « de tout »."""
    asked = unsubscription_in(token, now=timezone.now())
    stop_everything_by_link(person=asked.person, message=asked.message, now=timezone.now())
    return _page(request, token, asked, done=True, everything=True)


def _page(request: HttpRequest, token: str, asked: Unsubscription, **more: Any) -> HttpResponse:
    card = living_card(asked.person)
    known = Person.objects.select_related("organisation").filter(pk=asked.person).first()
    title = titles_of_scopes([asked.scope]).get(asked.scope, "")
    context = {
        "token": token,
        "title": title,
        "signed_on": signed_on(card, asked.scope) if card else None,
        "purpose": Purpose(asked.purpose).label,
        "organisation": known.organisation if known else None,
        # As old as the mail: this page never expires, and opens nothing that does.
        "preferences": preferences_token(person=card.pk, now=asked.at) if card else "",
        **more,
    }
    return render(request, "public/unsubscribe.html", context)
