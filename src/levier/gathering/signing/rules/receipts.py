"""What the thanks page and a correction carry, sealed in their addresses."""

from datetime import datetime, timedelta
from typing import NamedTuple

from levier.foundation.common.tokens import seal, unseal
from levier.gathering.signing.models.signature import Signature

ASKED_AGE = timedelta(days=1)  # what was asked for longer ago is not awaited any more
CORRECTABLE_FOR = timedelta(minutes=10)
# A repeat this soon with the very same address is a double click, not a second visit (P23).
SAME_GESTURE = timedelta(seconds=10)


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


class Correction(NamedTuple):
    """What the visitor asked for from their receipt (P24)."""

    receipt: Receipt
    given_at: datetime
    email: str
    asked_at: datetime


def seal_correction(correction: Correction) -> str:
    """A correction on its way to the worker: no address lies open in a job."""
    receipt, given_at, email, asked_at = correction
    return seal("correction", [list(receipt), int(given_at.timestamp()), email], now=asked_at)


def correction_in(token: str, *, now: datetime) -> Correction:
    """The correction in it. Raises ExpiredToken, BadToken."""
    payload, asked_at = unseal("correction", token, now=now, max_age=ASKED_AGE)
    receipt, given_at, email = payload
    given = datetime.fromtimestamp(given_at, tz=now.tzinfo)
    return Correction(Receipt(*receipt), given, email, asked_at)


def is_correctable(given_at: datetime, *, now: datetime) -> bool:
    """Whether the address may still be corrected from a receipt given then (P24). Nothing else
    is looked at, so that the page offers it to a repeat as to a first signature."""
    return now - given_at < CORRECTABLE_FOR


def is_of_receipt(signature: Signature, receipt: Receipt, given_at: datetime) -> bool:
    """Whether a receipt was given for making this very signature, not for finding it made (P24).

    A receipt is given before its signature is written, to the second. A double click finds what
    its first half wrote: the number told is then the signature's own, which a repeat is never
    told (P17). Without a number nothing tells them apart, and only a signature made after the
    receipt passes.
    """
    numbered = signature.number is not None and signature.number == receipt.number
    earliest = given_at - SAME_GESTURE if numbered else given_at
    return (
        signature.signed_at >= earliest
        and signature.number in {None, receipt.number}
        and signature.first_name == receipt.first_name
    )
