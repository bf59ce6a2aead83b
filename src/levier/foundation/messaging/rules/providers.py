"""How each provider carries our mark, and gives it back in its notices."""

import orjson
from django.conf import settings

from levier.foundation.messaging.rules.identity import delivery_in, message_id

MARK = "levier"
#: The header each one reads; « {} » is a JSON object, else the bare mark.
_HEADERS = {
    "brevo": ("X-Mailin-custom", ()),
    "mailgun": ("X-Mailgun-Variables", ()),
    "mailjet": ("X-MJ-EventPayload", ()),
    "postmark": ("X-PM-Metadata-levier", None),
    "sendgrid": ("X-SMTPAPI", ("unique_args",)),
    "ses": ("X-Metadata", ()),
    "sparkpost": ("X-MSYS-API", ("metadata",)),
}


def mail_provider() -> str:
    """Who relays our mail; empty for nobody in particular."""
    return str(settings.MAIL_PROVIDER)


def marking(delivery: int, *, provider: str) -> dict[str, str]:
    """The header by which a provider will name this delivery; none without a provider.

    Some give another Message-ID to what they relay: the mark says the same.
    """
    if provider not in _HEADERS:
        return {}
    name, inside = _HEADERS[provider]
    mark = message_id(delivery, domain=MARK).strip("<>").partition("@")[0]
    if inside is None:
        return {name: mark}
    told: object = {MARK: mark}
    for key in reversed(inside):
        told = {key: told}
    return {name: orjson.dumps(told).decode()}


def marked(told: object) -> int | None:
    """The delivery that a mark names; None for anything else."""
    return delivery_in(f"<{told}@{MARK}>") if isinstance(told, str) else None
