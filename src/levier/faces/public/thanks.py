"""After signing: the number, the confirmation to come, and one share step."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.public.own_pages import from_own_pages
from levier.faces.public.pages import page_or_404, secret
from levier.faces.public.sharing import mailto, personal_address, places, qr_drawing
from levier.faces.public.thermometer import Thermometer, thermometer_of
from levier.foundation.common.tokens import BadToken
from levier.foundation.common.typography import french_spaces, number
from levier.gathering.petitions.queries import PetitionPage
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.petitions.rules.phases import is_signable
from levier.gathering.signing.actions.resend_confirmation import resend_confirmation
from levier.gathering.signing.queries.tally import tally_of
from levier.gathering.signing.rules import Receipt, open_receipt


@require_safe
def thanks(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The same page for a first signature, a repeat and a held one (P17, P68)."""
    page = page_or_404(slug)
    receipt = _receipt(page, token, now=timezone.now())
    if receipt is None:
        return _stale(request, page)
    if page.slug != slug:
        return secret(redirect("thanks", slug=page.slug, token=token))
    context = thanks_context(page, receipt, now=timezone.now())
    context |= {"token": token, "sent_again": "renvoye" in request.GET}
    return secret(render(request, "public/pages/thanks.html", context))


@from_own_pages
@require_POST
def resend(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """« Je n’ai rien reçu »: the answer never tells whether there was something to send."""
    page = page_or_404(slug)
    receipt = _receipt(page, token, now=timezone.now())
    if receipt is None:
        return _stale(request, page)
    resend_confirmation(code=receipt.code, now=timezone.now())
    address = reverse("thanks", args=[page.slug, token])
    return secret(HttpResponse(status=303, headers={"Location": f"{address}?renvoye=1#suite"}))


def thanks_context(page: PetitionPage, receipt: Receipt, *, now: datetime) -> dict[str, Any]:
    """Everything the thanks page says."""
    thermometer = thermometer_of(page.petition, tally_of(page.petition.pk))
    address, title = personal_address(receipt.code), french_spaces(page.version.title)
    letter = _letter(title, thermometer, address)
    return {
        "slug": page.slug,
        "petition": page.petition,
        "version": page.version,
        "organisation": page.petition.campaign.organisation,
        "addressee": addressee_of(page.petition),
        "receipt": receipt,
        "thermometer": thermometer,
        "signable": is_signable(page.petition, now=now),
        "address": address,
        "short_address": address.split("://", 1)[1],
        "letter": letter,
        "mailto": mailto(title, letter),
        "places": places(_("Je viens de signer « %(title)s »") % {"title": title}, address),
        "qr": qr_drawing(address),
    }


def _receipt(page: PetitionPage, token: str, *, now: datetime) -> Receipt | None:
    try:
        receipt, _at = open_receipt(token, now=now)
    except BadToken:
        return None
    return receipt if receipt.petition == page.petition.pk else None


def _stale(request: HttpRequest, page: PetitionPage) -> HttpResponse:
    context = {"slug": page.slug, "version": page.version}
    return secret(render(request, "public/pages/stale_thanks.html", context, status=404))


def _letter(title: str, thermometer: Thermometer, address: str) -> str:
    """What a signatory may write to somebody they know; every word of it can be changed."""
    words = {
        "title": title,
        "total": number(thermometer.total),
        "goal": number(thermometer.goal),
        "address": address,
    }
    if thermometer.few or not thermometer.missing:
        return (
            _("Bonjour,\n\nJe viens de signer « %(title)s ». Tu signes aussi ?\n\n%(address)s")
            % words
        )
    return (
        _(
            "Bonjour,\n\nJe viens de signer « %(title)s ». Nous sommes %(total)s, "
            "il en faut %(goal)s. Tu signes aussi ?\n\n%(address)s"
        )
        % words
    )
