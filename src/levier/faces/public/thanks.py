"""After signing: the number, the confirmation to come, and one share step."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.public.own_pages import from_own_pages
from levier.faces.public.pages import page_or_404, secret
from levier.faces.public.sharing import mailto, personal_address, qr_drawing, share_context
from levier.faces.public.thermometer import Thermometer, thermometer_of
from levier.foundation.common.tokens import BadToken
from levier.foundation.common.typography import french_spaces, number
from levier.foundation.people.rules import likely_domain
from levier.gathering.petitions.enums import ShareNetwork
from levier.gathering.petitions.queries import PetitionPage, share_texts_of
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.petitions.rules.phases import is_signable
from levier.gathering.petitions.rules.share_texts import team_words
from levier.gathering.signing.actions.resend_confirmation import resend_confirmation
from levier.gathering.signing.forms import AddressForm
from levier.gathering.signing.queries.tally import tally_of
from levier.gathering.signing.rules.receipts import (
    CORRECTABLE_FOR,
    Receipt,
    is_correctable,
    open_receipt,
)


class Given(NamedTuple):
    """A receipt and when it was given."""

    receipt: Receipt
    at: datetime


@require_safe
def thanks(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The same page for a first signature, a repeat and a held one (P17, P68)."""
    page = page_or_404(slug)
    given = receipt_of(page, token, now=timezone.now())
    if given is None:
        return stale(request, page)
    if page.slug != slug:
        return secret(redirect("thanks", slug=page.slug, token=token))
    return thanks_page(request, page, given, token)


@from_own_pages
@require_POST
def resend(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """« Je n’ai rien reçu »: the answer never tells whether there was something to send."""
    page = page_or_404(slug)
    given = receipt_of(page, token, now=timezone.now())
    if given is None:
        return stale(request, page)
    resend_confirmation(code=given.receipt.code, now=timezone.now())
    address = reverse("thanks", args=[page.slug, token])
    return secret(HttpResponse(status=303, headers={"Location": f"{address}?renvoye=1#suite"}))


def thanks_page(
    request: HttpRequest,
    page: PetitionPage,
    given: Given,
    token: str,
    *,
    form: AddressForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the address form as it was sent when something of it is to be mended."""
    now = timezone.now()
    context = {
        **thanks_context(page, given.receipt, now=now),
        "token": token,
        "sent_again": "renvoye" in request.GET,
        "corrected": "corrige" in request.GET,
        **_correction(given, form, now=now),
    }
    return secret(render(request, "public/pages/thanks.html", context, status=status))


def _correction(given: Given, form: AddressForm | None, *, now: datetime) -> dict[str, Any]:
    """Offered for ten minutes, whoever the receipt was given to (P17, P24)."""
    domain = likely_domain(given.receipt.masked_email.rpartition("@")[2])
    return {
        "correctable": is_correctable(given.at, now=now),
        "correctable_until": given.at + CORRECTABLE_FOR,
        "likely_domain": domain,
        "form": form or AddressForm(),
        "meant": form.meant() if form and form.is_valid() else "",
        "too_late": form is not None and not is_correctable(given.at, now=now),
    }


def thanks_context(page: PetitionPage, receipt: Receipt, *, now: datetime) -> dict[str, Any]:
    """Everything the thanks page says."""
    thermometer = thermometer_of(page.petition, tally_of(page.petition.pk))
    address, title = personal_address(receipt.code), french_spaces(page.version.title)
    own = share_texts_of(page.petition.pk)
    own_letter = team_words(ShareNetwork.EMAIL, page.version, own)
    letter = _letter(title, thermometer, address, own_letter)
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
        **share_context(page.version, address, own),
        "qr": qr_drawing(address),
    }


def receipt_of(page: PetitionPage, token: str, *, now: datetime) -> Given | None:
    """The receipt in an address, if it is one of this petition's."""
    try:
        given = Given(*open_receipt(token, now=now))
    except BadToken:
        return None
    return given if given.receipt.petition == page.petition.pk else None


def stale(request: HttpRequest, page: PetitionPage) -> HttpResponse:
    context = {"slug": page.slug, "version": page.version}
    return secret(render(request, "public/pages/stale_thanks.html", context, status=404))


def _letter(title: str, thermometer: Thermometer, address: str, own: str) -> str:
    """What a signatory may write to somebody they know; every word of it can be changed."""
    if own:  # the team's words
        return f"{own}\n\n{address}"
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
