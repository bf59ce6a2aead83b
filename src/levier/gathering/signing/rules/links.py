"""What a link sent to a mailbox carries, and for how long it opens anything."""

from datetime import datetime, timedelta
from typing import NamedTuple

from levier.foundation.common.tokens import BadToken, seal, unseal
from levier.foundation.people.enums import NOT_THEIRS, ContactState
from levier.foundation.people.models.person import ContactPoint
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.rules.receipts import ASKED_AGE

CONFIRMATION_AGE = timedelta(days=30)
MY_LINK_AGE = timedelta(days=30)
NEW_ADDRESS_AGE = timedelta(days=2)


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
