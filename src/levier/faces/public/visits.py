"""How often one network may make us write to an address that somebody typed (P67)."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from levier.foundation.common.network import client_network
from levier.gathering.signing.actions.count_network import count_network


def count_visit(request: HttpRequest) -> None:
    """Count one more mail asked for from the visitor's network. Raises TooManyFromHere."""
    peer, forwarded = request.META.get("REMOTE_ADDR") or "", request.headers.get("X-Forwarded-For")
    network = client_network(peer, forwarded or "", settings.TRUSTED_PROXIES)
    if settings.RATE_LIMITS and network:
        count_network(network=network, now=timezone.now())
