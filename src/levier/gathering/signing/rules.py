"""What a signing link carries, and for how long it opens anything."""

from datetime import datetime, timedelta
from typing import NamedTuple

from levier.foundation.common.tokens import seal, unseal

CONFIRMATION_AGE = timedelta(days=30)
MY_LINK_AGE = timedelta(days=30)


class Receipt(NamedTuple):
    """What the thanks page needs, sealed in its address. The same for a first signature, a
    repeat and a held one (P17, P68), so that the page tells nobody who had signed."""

    petition: int
    code: str  # personal share code
    number: int | None  # as shown; None when it comes with the confirmation (P15)
    first_name: str  # as typed just now
    masked_email: str  # as typed just now, masked
    wants_updates: bool


def seal_receipt(receipt: Receipt, *, now: datetime) -> str:
    """The token of `/petitions/<slug>/merci/<token>/`."""
    return seal("thanks", list(receipt), now=now)


def open_receipt(token: str, *, now: datetime) -> tuple[Receipt, datetime]:
    """The receipt and when it was given. Raises BadToken."""
    payload, at = unseal("thanks", token, now=now)
    return Receipt(*payload), at


def confirmation_token(signature: int, *, now: datetime) -> str:
    """The token of `/confirmer/<token>/`, sent only to the signature's own mailbox."""
    return seal("confirm", signature, now=now)


def signature_in(token: str, *, now: datetime) -> int:
    """The signature a confirmation link is for. Raises ExpiredToken, BadToken."""
    payload, _ = unseal("confirm", token, now=now, max_age=CONFIRMATION_AGE)
    return int(payload)


def my_token(contact_point: int, *, now: datetime) -> str:
    """The token of `/moi/<token>/`, sent only to that mailbox (P29, P30)."""
    return seal("moi", contact_point, now=now)


def contact_point_in(token: str, *, now: datetime) -> int:
    """The mailbox a personal link is for. Raises ExpiredToken, BadToken."""
    payload, _ = unseal("moi", token, now=now, max_age=MY_LINK_AGE)
    return int(payload)
