import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.people.enums import REACHABLE, Channel, ContactState
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.models.suppression import Suppression
from levier.foundation.people.rules import (
    canonical_email,
    is_refused,
    scope_of,
    suppression_hmac,
)

GONE = "adresse injoignable ou personne effacée"
REFUSED = "adresse retirée des envois"
NO_CONSENT = "pas d’accord en vigueur"


@transaction.atomic
def claim(*, lane: str, worker: uuid.UUID, limit: int, now: datetime) -> list[Delivery]:
    """Take up to `limit` deliveries that are due, for this worker and nobody else (J15).

    Expiry, the state of the address, suppressions and consent are judged again here, on what is
    committed now (J2): what must not leave is closed, with its reason. Each delivery comes with
    its message, template, organisation and address.
    """
    due = list(
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(lane=lane, state=DeliveryState.QUEUED, not_before__lte=now)
        .select_related("contact_point", "person")
        .order_by("not_before", "id")[:limit]
    )
    _bring_messages(due)
    expired = [row for row in due if row.expires_at <= now]
    alive = [row for row in due if row.expires_at > now]
    held = _held_back(alive)
    taken = [row for row in alive if row.pk not in held]
    _close(expired, DeliveryState.EXPIRED, "", now)
    for reason in set(held.values()):
        refused = [row for row in alive if held.get(row.pk) == reason]
        _close(refused, DeliveryState.SUPPRESSED, reason, now)
    Delivery.objects.filter(pk__in=[row.pk for row in taken]).update(
        state=DeliveryState.CLAIMED, claimed_by=worker, claimed_at=now
    )
    return taken


def _bring_messages(rows: Iterable[Delivery]) -> None:
    """One copy of each message, whatever the number of its readers."""
    found = Message.objects.select_related("template", "organisation").in_bulk(
        {row.message_id for row in rows}
    )
    for row in rows:
        row.message = found[row.message_id]


def _held_back(rows: list[Delivery]) -> dict[int, str]:
    """Deliveries that must not leave, and why."""
    return {
        **_without_consent(rows),
        **_suppressed(rows),
        **{
            row.pk: GONE
            for row in rows
            if not _is_reachable(row)
            or row.contact_point.channel != Channel.EMAIL
            or row.person.erased_at is not None
        },
    }


def _is_reachable(row: Delivery) -> bool:
    """An address that waits for its mailbox's word is asked for it, and told nothing else."""
    if row.contact_point.state == ContactState.PENDING:
        return row.source.startswith(f"contact:{row.contact_point_id}:")
    return row.contact_point.state in REACHABLE


def _suppressed(rows: list[Delivery]) -> dict[int, str]:
    """By the keyed hash of the address: everything, or what concerns this message's source."""
    hashes = {
        row.pk: suppression_hmac(
            row.message.organisation_id, Channel.EMAIL, _compared(row.contact_point)
        )
        for row in rows
    }
    found: dict[bytes, list[tuple[str, str]]] = defaultdict(list)
    for hmac, reason, scope in Suppression.objects.filter(
        channel=Channel.EMAIL, canonical_hmac__in=set(hashes.values())
    ).values_list("canonical_hmac", "reason", "scope"):
        found[bytes(hmac)].append((reason, scope))
    return {
        row.pk: REFUSED
        for row in rows
        if any(
            is_refused(
                reason=reason,
                scope=scope,
                purpose=row.message.purpose,
                source=row.message.source,
            )
            for reason, scope in found[hashes[row.pk]]
        )
    }


def _compared(point: ContactPoint) -> str:
    """What an address is compared by, also while it waits to be somebody's."""
    if point.state == ContactState.PENDING:
        return canonical_email(point.typed)
    return point.canonical


def _without_consent(rows: list[Delivery]) -> dict[int, str]:
    """A message with a purpose needs the agreement for it, as it stands now (J1)."""
    asked = [row for row in rows if row.message.purpose]
    given = set(
        ConsentState.objects.filter(
            person__in={_card(row) for row in asked}, channel=Channel.EMAIL, given=True
        ).values_list("person_id", "purpose", "scope")
    )
    return {
        row.pk: NO_CONSENT
        for row in asked
        if (_card(row), row.message.purpose, scope_of(row.message.purpose, row.message.source))
        not in given
    }


def _card(row: Delivery) -> int:
    """Whose agreements count: those of the card that the reader's was merged into, if it was."""
    return row.person.merged_into_id or row.person_id


def _close(rows: list[Delivery], state: str, reason: str, now: datetime) -> None:
    if rows:
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=state, last_reply=reason, finished_at=now
        )
