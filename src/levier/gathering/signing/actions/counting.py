"""Moving a signature in or out of the count. The tally is locked first, always."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from levier.foundation.ledger.actions import append_leaves
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.rules import withdrawal_leaf
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally

_WITH = ("petition__campaign__organisation", "person__organisation", "contact_point")


def locked(signature_id: int) -> Signature:
    """The signature, its tally and itself locked until the transaction ends."""
    petition_id = Signature.objects.values_list("petition_id", flat=True).get(pk=signature_id)
    Tally.objects.select_for_update().get(petition_id=petition_id)
    rows = Signature.objects.select_for_update(of=("self",), no_key=True).select_related(*_WITH)
    return rows.get(pk=signature_id)


def locked_among(petition_id: int, signature_ids: Iterable[int]) -> list[Signature]:
    """Those of the signatures that are on this petition, the tally and themselves locked."""
    Tally.objects.select_for_update().get(petition_id=petition_id)
    rows = Signature.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    chosen = rows.filter(petition_id=petition_id, pk__in=list(signature_ids))
    return list(chosen.select_related("contact_point"))


def adjust_tally(
    petition_id: int, *, now: datetime, counted: int = 0, confirmed: int = 0, held: int = 0
) -> None:
    """Add to the count, which the caller has locked. No number is given nor freed here."""
    Tally.objects.filter(petition_id=petition_id).update(
        counted=F("counted") + counted,
        confirmed=F("confirmed") + confirmed,
        held=F("held") + held,
        updated_at=now,
    )


def uncount(petition: Petition, signatures: Iterable[Signature], *, now: datetime) -> None:
    """Take signatures, still in their old state, out of the count, for good: the log says which
    numbers no longer count. The caller writes the new state."""
    leaving = list(signatures)
    counted = [s for s in leaving if s.state == SignatureState.COUNTED]
    adjust_tally(
        petition.pk,
        now=now,
        counted=-len(counted),
        confirmed=-sum(s.confirmed_at is not None for s in counted),
        held=-sum(s.state == SignatureState.HELD for s in leaving),
    )
    numbers = sorted(s.number for s in leaving if s.number is not None)
    if numbers:
        append_leaves(
            scope=petition.campaign.organisation_id,
            kind=EntryKind.WITHDRAWAL,
            leaves=[withdrawal_leaf(petition=petition.uuid, number=n, at=now) for n in numbers],
            now=now,
        )
