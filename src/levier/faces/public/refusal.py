"""A signature that could not be taken, handed from the lean signing path to the page.

The lean path answers JSON by itself. For HTML it forwards the request to the petition's page with
a Refusal in the ASGI scope, so that what was typed comes back with its errors beside the fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

SCOPE_KEY = "levier.refusal"


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why, and all that was typed. `errors` maps a field to its French sentences."""

    status: int  # 403, 410, 413, 415, 422, 429 or 503
    message: str  # one French sentence for the top of the page
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)  # ticked boxes are "on"
    retry_after: int | None = None  # seconds
    asks_proof: bool = False  # the page must let the browser do a proof of work


def refusal_of(request: HttpRequest) -> Refusal | None:
    """The refusal this page must show, if the lean path forwarded one."""
    scope = getattr(request, "scope", None) or {}
    found = scope.get(SCOPE_KEY)
    return found if isinstance(found, Refusal) else None
