"""The link of the thanks mail: « Je confirme ma signature », « Ce n’était pas moi »."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.public.private import private_page, see_other
from levier.faces.public.sharing import mailto, personal_address, text_message
from levier.faces.public.thermometer import thermometer_of
from levier.foundation.common.tokens import ExpiredToken
from levier.gathering.petitions.queries import current_slug
from levier.gathering.petitions.rules.phases import is_signable
from levier.gathering.signing.actions.confirm import confirm
from levier.gathering.signing.actions.disown import disown
from levier.gathering.signing.actions.resend_confirmation import resend_to
from levier.gathering.signing.enums import STANDING, HoldReason
from levier.gathering.signing.errors import NoLongerStanding
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.mine import share_code
from levier.gathering.signing.queries.tally import tally_of
from levier.gathering.signing.rules.links import (
    expired_signature_in,
    my_token,
    signature_from_token,
)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks and changes nothing, however often a scanner opens it (P26); POST confirms."""
    now = timezone.now()
    try:
        signature = signature_from_token(token, now=now)
    except ExpiredToken:
        return render(request, "public/confirm/expired.html", {"token": token}, status=410)
    if request.method == "POST":
        return _confirmed(signature, token)
    if signature.state not in STANDING:
        return render(request, "public/confirm/gone.html", _named(signature, token))
    if signature.confirmed_at is None:
        return render(request, "public/confirm/ask.html", _named(signature, token))
    return render(request, "public/confirm/done.html", _done(signature, token))


def _confirmed(signature: Signature, token: str) -> HttpResponse:
    with suppress(NoLongerStanding):  # the page that follows says so
        confirm(signature_id=signature.pk, now=timezone.now())
    return see_other(reverse("confirm", args=[token]))


@private_page
@require_POST
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """« Ce n’était pas moi » (P28)."""
    now = timezone.now()
    signature = signature_from_token(token, now=now)
    disown(signature_id=signature.pk, wording=_("Ce n’était pas moi"), now=now)
    return see_other(reverse("confirm", args=[token]))


@private_page
@require_POST
def again(request: HttpRequest, token: str) -> HttpResponse:
    """A new link for an expired one, to its own mailbox and nobody else (P34)."""
    now = timezone.now()
    resend_to(signature_id=expired_signature_in(token, now=now), now=now)
    return see_other(reverse("confirm_sent"))


@private_page
@require_http_methods(["GET", "HEAD"])
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "public/confirm/sent.html")


def _done(signature: Signature, token: str) -> dict[str, Any]:
    petition = signature.petition
    named, code = _named(signature, token), share_code(signature)
    title = named["title"]
    shared = code and named["slug"] and is_signable(petition, now=timezone.now())  # P50
    address = personal_address(code) if shared else ""
    text = _("Je viens de signer « %(title)s ». Tu signes aussi ?") % {"title": title}
    return {
        **named,
        "thermometer": thermometer_of(petition, tally_of(petition.pk)),
        "held": signature.number is None,
        "address": address,
        "mailto": mailto(title, f"{text}\n\n{address}"),
        "text_message": text_message(f"{text} {address}"),
    }


def _named(signature: Signature, token: str) -> dict[str, Any]:
    return {
        "token": token,
        "signature": signature,
        "title": signature.petition.version.title if signature.petition.version else "",
        "organisation": signature.petition.campaign.organisation,
        "slug": current_slug(signature.petition_id) or "",
        "disowned": signature.reason == HoldReason.DISOWNED,
        "my_token": my_token(signature.contact_point_id or 0, now=timezone.now()),
    }
