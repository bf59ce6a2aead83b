"""Counting signatures that arrived without a number: confirmed, or released after a check."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from levier.foundation.ledger.actions import append_leaves
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.rules import commitment, signature_leaf
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.goals import crossed
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.rules.facts import signature_facts

UNCOUNTED = (SignatureState.PENDING, SignatureState.HELD)
_COUNT = """
UPDATE levier_signature SET state = 'counted', reason = '', number = given.number
FROM unnest(%s::bigint[], %s::int[]) AS given (id, number)
WHERE levier_signature.id = given.id
"""


@transaction.atomic
def number_signatures(
    *, petition: Petition, signature_ids: Sequence[int], now: datetime
) -> dict[int, int]:
    """Count these signatures, in this order; returns the number of each that was not counted yet.

    One that had a number keeps it (P12); one that is already counted, withdrawn or rejected is
    left alone, so calling twice is calling once (P27). Locks the tally, then the log's head: set
    `confirmed_at` before the call, in the same transaction, for the tally to count it.
    """
    tally = Tally.objects.select_for_update().get(petition=petition)
    found = _uncounted(petition, signature_ids)
    if not found:
        return {}
    fresh = [signature for signature in found if signature.number is None]
    numbers = {s.pk: tally.last_number + n for n, s in enumerate(fresh, start=1)}
    numbers.update({s.pk: s.number for s in found if s.number is not None})
    _write_numbers(numbers)
    for signature in fresh:
        signature.number = numbers[signature.pk]
    log_numbers(petition, fresh, now)
    _move_tally(petition, tally, found, len(fresh), now)
    return numbers


def _uncounted(petition: Petition, signature_ids: Sequence[int]) -> list[Signature]:
    rows = (
        Signature.objects.select_for_update(of=("self",), no_key=True)
        .select_related("contact_point")
        .filter(pk__in=signature_ids, petition=petition, state__in=UNCOUNTED)
    )
    place = {pk: n for n, pk in enumerate(signature_ids)}
    return sorted(rows, key=lambda signature: place[signature.pk])


def _write_numbers(numbers: Mapping[int, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [list(numbers), list(numbers.values())])


def log_numbers(petition: Petition, signatures: Iterable[Signature], now: datetime) -> None:
    """Attest, in the order given, that these numbers count. Wants their `contact_point` loaded."""
    append_leaves(
        scope=petition.campaign.organisation_id,
        kind=EntryKind.SIGNATURE,
        leaves=[_leaf(petition, signature, signature.number or 0) for signature in signatures],
        now=now,
    )


def _leaf(petition: Petition, signature: Signature, number: int) -> bytes:
    facts = signature_facts(
        email=signature.contact_point.canonical if signature.contact_point else "",
        first_name=signature.first_name,
        last_name=signature.last_name,
        postcode=signature.postcode,
        country=signature.country,
        petition=petition.uuid,
    )
    return signature_leaf(
        petition=petition.uuid,
        number=number,
        at=signature.signed_at,
        committed=commitment(bytes(signature.salt or b""), facts),
    )


def _move_tally(
    petition: Petition, tally: Tally, found: list[Signature], fresh: int, now: datetime
) -> None:
    before = tally.counted + tally.paper
    tally.last_number += fresh
    tally.counted += len(found)
    tally.confirmed += sum(s.confirmed_at is not None for s in found)
    tally.held -= sum(s.state == SignatureState.HELD for s in found)
    tally.updated_at = now
    tally.save()
    reached = crossed(before, tally.counted + tally.paper, petition.fixed_goal)
    Milestone.objects.bulk_create(
        [Milestone(petition=petition, threshold=n, reached_at=now) for n in reached],
        ignore_conflicts=True,
    )
