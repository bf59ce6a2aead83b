"""The thanks page's own correction: the address was mistyped (P24)."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from levier.faces.public.own_pages import from_own_pages
from levier.faces.public.pages import page_or_404, secret
from levier.faces.public.private import see_other
from levier.faces.public.thanks import receipt_of, stale, thanks_page
from levier.faces.public.visits import count_visit
from levier.foundation.common.typography import mask_email
from levier.gathering.signing.actions.queue_correction import queue_correction
from levier.gathering.signing.errors import TooManyFromHere
from levier.gathering.signing.forms import AddressForm
from levier.gathering.signing.rules.receipts import Correction, is_correctable, seal_receipt


@from_own_pages
@require_POST
def correction(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The answer is made of what was typed and of the clock alone: it never tells whether there
    was a signature to move, nor whether the right address had signed (P17). The worker looks."""
    now, page, form = timezone.now(), page_or_404(slug), AddressForm(request.POST)
    given = receipt_of(page, token, now=now)
    if given is None:
        return stale(request, page)
    if not is_correctable(given.at, now=now):
        return thanks_page(request, page, given, token, form=form, status=410)
    if not form.is_valid() or form.meant():
        return thanks_page(request, page, given, token, form=form, status=422)
    try:
        count_visit(request)
    except TooManyFromHere as refusal:
        form.add_error("email", str(refusal))
        return thanks_page(request, page, given, token, form=form, status=429)
    email = form.cleaned_data["email"]
    queue_correction(correction=Correction(given.receipt, given.at, email, now))
    receipt = given.receipt._replace(masked_email=mask_email(email))
    address = reverse("thanks", args=[page.slug, seal_receipt(receipt, now=given.at)])
    return secret(see_other(f"{address}?corrige=1#suite"))
