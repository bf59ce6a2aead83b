"""How often one network may make us write to an address that somebody typed, or answer (P67)."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from levier.foundation.common.network import client_network
from levier.gathering.signing.actions.count_network import LINKS_PER_WINDOW, count_network
from levier.gathering.signing.rules.guards import HARD_LIMIT


def count_visit(request: HttpRequest) -> None:
    """Count one more mail asked for from the visitor's network. Raises TooManyFromHere."""
    _count(request, what="moi", limit=LINKS_PER_WINDOW)


def count_answer(request: HttpRequest) -> None:
    """Count one more answer from there, as many as signatures. Raises TooManyFromHere."""
    _count(request, what="reponse", limit=HARD_LIMIT)


def _count(request: HttpRequest, *, what: str, limit: int) -> None:
    peer, forwarded = request.META.get("REMOTE_ADDR") or "", request.headers.get("X-Forwarded-For")
    network = client_network(peer, forwarded or "", settings.TRUSTED_PROXIES)
    if settings.RATE_LIMITS and network:
        count_network(network=network, now=timezone.now(), what=what, limit=limit)
