"""What a signing link carries, and for how long it opens anything."""

import hmac
import os
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.common.tokens import BadToken, key_for, seal, unseal
from levier.foundation.ledger.rules import EPOCH
from levier.foundation.people.enums import NOT_THEIRS, Channel, ContactState, Purpose
from levier.foundation.people.models.person import ContactPoint
from levier.gathering.petitions.rules.gates import (
    Place,
    petition_for_editing,
    petition_for_moderating,
)
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.models.paper import PaperRun, PaperSheet
from levier.gathering.signing.models.signature import CODE_LENGTH, Signature

CONFIRMATION_AGE = timedelta(days=30)
MY_LINK_AGE = timedelta(days=30)
ASKED_AGE = timedelta(days=1)  # what was asked for longer ago is not awaited any more
NEW_ADDRESS_AGE = timedelta(days=2)
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


def confirmation_token(signature: Signature, *, now: datetime) -> str:
    """The token of `/confirmer/<token>/`, sent only to the signature's own mailbox, and good only
    while the signature is that mailbox's (P24, P31)."""
    return seal("confirm", [signature.pk, signature.contact_point_id], now=now)


def signature_in(token: str, *, now: datetime) -> tuple[int, int]:
    """The signature a confirmation link is for, and the mailbox it was sent to (their ids).
    Raises ExpiredToken, BadToken."""
    (signature, mailbox), _ = unseal("confirm", token, now=now, max_age=CONFIRMATION_AGE)
    return int(signature), int(mailbox)


def expired_signature_in(token: str, *, now: datetime) -> int:
    """The signature a confirmation link was for, however old: enough to write to its owner,
    never to act. Raises BadToken."""
    (signature, _mailbox), _ = unseal("confirm", token, now=now)
    return int(signature)


def organisation_token(signed: int, *, now: datetime) -> str:
    """The token of `/organisations/<token>/`, sent only to the contact of an organisation."""
    return seal("organisation", signed, now=now)


def organisation_in(token: str, *, now: datetime) -> int:
    """The organisation's signature a link is for. It never expires: taking it back always works.
    Raises BadToken."""
    payload, _ = unseal("organisation", token, now=now)
    return int(payload)


class AddressChange(NamedTuple):
    """What the link sent to a new address carries (P31)."""

    old: int  # contact point that the personal link is for
    new: int  # contact point that waits for its mailbox's word


def new_address_token(change: AddressChange, *, now: datetime) -> str:
    """The token of `/moi/nouvelle-adresse/<token>/`, sent only to the new mailbox."""
    return seal("new-address", list(change), now=now)


def address_change_in(token: str, *, now: datetime) -> AddressChange:
    """The change a link is for. Raises ExpiredToken, BadToken."""
    payload, _ = unseal("new-address", token, now=now, max_age=NEW_ADDRESS_AGE)
    return AddressChange(*map(int, payload))


def proposed_address(change: AddressChange) -> tuple[ContactPoint, ContactPoint]:
    """The old address and the one that waits to replace it, with person and organisation.

    Raises BadToken once either was replaced, cancelled or forgotten.
    """
    points = ContactPoint.objects.select_related("person", "organisation").in_bulk(list(change))
    old, new = points.get(change.old), points.get(change.new)
    if old is None or new is None or old.person.erased_at or new.person_id != old.person_id:
        raise BadToken
    if old.state in NOT_THEIRS or new.state != ContactState.PENDING:
        raise BadToken
    return old, new


def my_token(contact_point: int, *, now: datetime) -> str:
    """The token of `/moi/<token>/`, sent only to that mailbox (P29, P30)."""
    return seal("moi", contact_point, now=now)


def seal_asked_address(email: str, *, now: datetime) -> str:
    """An address to which a personal link is asked, on its way to the worker."""
    return seal("asked-link", email, now=now)


def asked_address_in(token: str, *, now: datetime) -> str:
    """The address in it. Raises ExpiredToken, BadToken."""
    email, _ = unseal("asked-link", token, now=now, max_age=ASKED_AGE)
    return str(email)


def contact_point_in(token: str, *, now: datetime) -> int:
    """The mailbox a personal link is for. Raises ExpiredToken, BadToken."""
    payload, _ = unseal("moi", token, now=now, max_age=MY_LINK_AGE)
    return int(payload)


def signature_from_token(token: str, *, now: datetime) -> Signature:
    """The signature whose mailbox holds this confirmation link, all that its page names loaded.

    Raises ExpiredToken, or BadToken, also once the signature is another mailbox's or nobody's.
    """
    signature_id, mailbox = signature_in(token, now=now)
    found = Signature.objects.select_related(
        "petition__version", "petition__campaign__organisation", "contact_point", "person"
    ).filter(pk=signature_id, contact_point=mailbox)
    if (signature := found.first()) is None:
        raise BadToken
    return signature


def mailbox_from_token(token: str, *, now: datetime) -> ContactPoint:
    """The mailbox that holds this personal link, with its person and organisation.

    Raises ExpiredToken, or BadToken, also once the person was erased or the address replaced.
    """
    found = (
        ContactPoint.objects.select_related("person", "organisation")
        .filter(pk=contact_point_in(token, now=now), person__erased_at=None)
        .exclude(state__in=NOT_THEIRS)
        .exclude(typed="")
    )
    if (mailbox := found.first()) is None:
        raise BadToken
    return mailbox


# Limits per network and window (P67). They suit a school behind one address: 60 people in ten
# minutes are counted at once; those after them sign too, and count once their address confirms.
GUARD_WINDOW = timedelta(minutes=10)
SOFT_LIMIT = 60
HARD_LIMIT = 600
NETWORK_KEY_BYTES = 16

# No letter that reads as a figure: a code may be copied from a poster.
CODE_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_BYTES = str.maketrans({chr(n): CODE_ALPHABET[n % len(CODE_ALPHABET)] for n in range(256)})


def new_code() -> str:
    """A personal share code, random; 57^8 of them, so two alike are a retry, not a worry."""
    return os.urandom(CODE_LENGTH).decode("latin-1").translate(_CODE_BYTES)


def network_key(network: str, *, now: datetime) -> bytes:
    """What stands for a canonical network: an HMAC whose key changes every day (P66)."""
    return _network_key(network, now.astimezone(UTC).date())


@lru_cache(maxsize=20_000)
def _network_key(network: str, day: date) -> bytes:
    key = key_for(f"network:{day.isoformat()}")
    return hmac.digest(key, network.encode(), "sha256")[:NETWORK_KEY_BYTES]


def window_of(now: datetime) -> datetime:
    """The start of the guard's window that a moment is in."""
    return now - (now - EPOCH) % GUARD_WINDOW


def signature_facts(
    *, email: str, first_name: str, last_name: str, postcode: str, country: str, petition: UUID
) -> dict[str, str]:
    """What the log commits to for one signature. `email` is the canonical one."""
    return {
        "email": email,
        "first_name": first_name,
        "last_name": last_name,
        "postcode": postcode,
        "country": country,
        "petition": str(petition),
    }


def standing_sentences(organisation: Organisation) -> dict[tuple[str, str], str]:
    """What each switch of `/moi/` says, for every petition of an organisation at once: the exact
    words kept when it is turned on or off. (channel, purpose) → sentence."""
    name = {"organisation": organisation.name}
    return {
        (Channel.EMAIL, Purpose.PETITION_NEWS): _(
            "Je veux recevoir les nouvelles des pétitions que j’ai signées, une par jour au plus."
        ),
        (Channel.EMAIL, Purpose.ORG_NEWS): _(
            "%(organisation)s peut me proposer d’autres façons d’agir."
        )
        % name,
        (Channel.PHONE, Purpose.CONTINUE): _(
            "%(organisation)s peut me téléphoner pour poursuivre l’action ensemble."
        )
        % name,
        (Channel.POST, Purpose.CONTINUE): _(
            "%(organisation)s peut m’écrire par la poste pour poursuivre l’action ensemble."
        )
        % name,
    }


def paper_sheet_for_entering(user: User, slug: str, pk: int) -> tuple[Place, PaperSheet]:
    """A sheet of that petition, for whoever may see names; another's does not exist for them."""
    place = petition_for_moderating(user, slug)
    sheets = PaperSheet.objects.select_related("entered_by", "version")
    sheet = sheets.filter(petition=place.petition, pk=pk).first()
    if sheet is None:
        raise Hidden
    return place, sheet


def paper_run_for_printing(user: User, slug: str, pk: int) -> tuple[Place, PaperRun]:
    """Numbered sheets of that petition, to print them again."""
    place = petition_for_moderating(user, slug)
    runs = PaperRun.objects.select_related("version")
    run = runs.filter(petition=place.petition, pk=pk).first()
    if run is None:
        raise Hidden
    return place, run


def import_for_working(user: User, slug: str, pk: int) -> tuple[Place, ImportBatch]:
    """A file of past signatures brought to that petition, for whoever campaigns."""
    place = petition_for_editing(user, slug)
    batches = ImportBatch.objects.select_related("organisation", "petition__campaign", "by")
    batch = batches.filter(petition=place.petition, pk=pk).first()
    if batch is None:
        raise Hidden
    return place, batch
