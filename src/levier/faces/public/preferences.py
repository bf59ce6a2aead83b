"""`/preferences/`: all that is received and might be, as one form; and « tout arrêter »."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.public.private import private_page, see_other
from levier.foundation.common.tokens import BadToken, ExpiredToken
from levier.foundation.messaging.actions.set_preferences import set_preferences
from levier.foundation.messaging.rules.addresses import preferences_in, stopping_in
from levier.foundation.people.enums import NOT_THEIRS, Channel
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.queries.cards import living_card
from levier.gathering.signing.actions.stop_everything import stop_everything
from levier.gathering.signing.forms import LinkForm
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.rules.choices import Choices, choices_of

SOURCE = "preferences"
HEADINGS = (Channel.EMAIL, Channel.PHONE, Channel.POST)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows and changes nothing. POST keeps what is ticked, ends the rest, and says so; the
    next claim reads it (J30)."""
    now = timezone.now()
    try:
        person = _living(preferences_in(token, now=now))
    except ExpiredToken:
        return _stale(request, token)
    choices = choices_of(person, person.organisation)
    if request.method == "POST":
        ticked = request.POST.getlist("recevoir")
        set_preferences(
            person=person,
            offered={choice.key: choice.sentence for choice in choices.rows},
            chosen=[choice.key for choice in choices.rows if choice.name in ticked],
            source=SOURCE,
            now=now,
        )
        return see_other(f"{reverse('preferences', args=[token])}?fait=choix")
    return render(
        request, "public/preferences/preferences.html", _context(request, token, person, choices)
    )


@private_page
@require_POST
def stop_all(request: HttpRequest, token: str) -> HttpResponse:
    """« Tout arrêter » works however old the link is, and as often as one likes."""
    person = living_card(stopping_in(token, now=timezone.now()))
    if person is not None:
        stop_everything(person=person, source=SOURCE, now=timezone.now())
    context = {"person": person, "token": token}
    return render(request, "public/preferences/stopped.html", context)


def _context(request: HttpRequest, token: str, person: Person, choices: Choices) -> dict[str, Any]:
    points = ContactPoint.objects.filter(person=person).exclude(state__in=NOT_THEIRS)
    return {
        "token": token,
        "person": person,
        "organisation": person.organisation,
        "groups": [
            (channel.label, group)
            for channel in HEADINGS
            if (group := [choice for choice in choices.rows if choice.channel == channel])
        ],
        "stopped": choices.stopped,
        "points": points.exclude(typed="").order_by("pk"),
        "signatures": Signature.objects.filter(person=person).count(),
        "saved": request.GET.get("fait") == "choix",
    }


def _living(pk: int) -> Person:
    person = living_card(pk)
    if person is None:
        raise BadToken
    return person


def _stale(request: HttpRequest, token: str) -> HttpResponse:
    """Too old to show anything: a new link is had by mail, and leaving still works."""
    context = {"token": token, "form": LinkForm(), "here": "me"}
    return render(request, "public/preferences/stale.html", context, status=410)
