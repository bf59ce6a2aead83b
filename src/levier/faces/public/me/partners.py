"""What I agreed to with partner organisations: one gesture ends it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from levier.faces.public.me.notices import back
from levier.faces.public.private import private_page
from levier.gathering.signing.actions.partner_agreements import withdraw_partner_agreement
from levier.gathering.signing.rules.links import mailbox_from_token


@private_page
@require_POST
def stop(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Nobody else's agreement exists here."""
    now = timezone.now()
    mailbox = mailbox_from_token(token, now=now)
    if not withdraw_partner_agreement(person=mailbox.person, agreement_id=pk, now=now):
        raise Http404
    return back(token, "partenaire")
