"""Leaving a mailing: a page with a button, and the one-click of mail programs (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from levier.faces.public.private import private_page
from levier.foundation.messaging.actions.unsubscribe import unsubscribe
from levier.foundation.messaging.rules.addresses import unsubscription_in
from levier.foundation.people.enums import Purpose
from levier.foundation.people.models.person import Person


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscription(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks and changes nothing (J28). POST does it, with or without a body, as often as one
    likes, and after an erasure too: always 200, no cookie, no redirection. Links never expire."""
    now = timezone.now()
    asked = unsubscription_in(token, now=now)
    if request.method == "POST":
        unsubscribe(
            person=asked.person,
            purpose=asked.purpose,
            scope=asked.scope,
            message=asked.message,
            now=now,
        )
    found = Person.objects.select_related("organisation").filter(pk=asked.person).first()
    return render(
        request,
        "public/unsubscribe.html",
        {
            "token": token,
            "done": request.method == "POST",
            "purpose": Purpose(asked.purpose).label,
            "organisation": found.organisation if found else None,
        },
    )
