"""The envelope sender of a delivery: it names the delivery, and nobody else can make one (J24).

What comes back to it is known by its address alone, whatever the report says or leaves out
(VERP: variable envelope return path).
"""

import hmac
import re

from django.conf import settings

from levier.foundation.common.tokens import key_for

PURPOSE = "return-path"
FORM = re.compile(r"retour-(?P<delivery>\d{1,19})-(?P<seal>[0-9a-f]{20})", re.IGNORECASE)
LEAVING = "desabonnement"


def bounce_domain() -> str:
    """Where returns are collected; empty when it is not set: the organisation gets them."""
    return str(settings.BOUNCE_DOMAIN)


def return_path(delivery: int, *, sender: str) -> str:
    """The envelope sender of a delivery: signed, or the organisation's without a domain for it."""
    domain = bounce_domain()
    return f"retour-{delivery}-{_seal(delivery)}@{domain}" if domain else sender


def leaving_address(reply: str) -> str:
    """Where a mail of unsubscription goes: with the returns, or to whoever reads the answers."""
    domain = bounce_domain()
    return f"{LEAVING}@{domain}" if domain else reply


def delivery_at(address: str) -> int | None:
    """The delivery that an envelope sender of ours names; None for any other address.

    Servers may change the case of an address and add an extension (« +… »); the domain is not
    compared, so that what was sent before a change of domain still comes home.
    """
    local = address.strip().strip("<>").rpartition("@")[0].partition("+")[0]
    found = FORM.fullmatch(local)
    if found is None:
        return None
    delivery = int(found["delivery"])
    sealed = hmac.compare_digest(found["seal"].lower(), _seal(delivery))
    return delivery if sealed else None


def _seal(delivery: int) -> str:
    return hmac.digest(key_for(PURPOSE), str(delivery).encode(), "sha256").hex()[:20]
