"""A challenge for the browser, asked for by the pages that need one and by nobody else (P67)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from levier.faces.public.pages import page_or_404
from levier.gathering.signing.intake.proof import challenge_for


@require_safe
def proof(request: HttpRequest, slug: str) -> HttpResponse:
    """Another one each time, without cookie; nothing of it is kept here."""
    petition = page_or_404(slug).petition
    response = JsonResponse(challenge_for(petition.pk, now=timezone.now()))
    response["Cache-Control"] = "no-store"
    return response
