from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.enums import ActivityKind
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.counting import adjust_tally, locked_among
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import Signature

IN_HOPE = frozenset({SignatureState.COUNTED, SignatureState.PENDING})


@transaction.atomic
def hold_bounced(*, signature_ids: Sequence[int], now: datetime) -> int:
    """Signatures whose mail came back « no such mailbox » leave the count, to be looked at (P35).

    Those whose owner confirmed are left alone: the mailbox did answer once. The number stays.
    Few statements per petition concerned. Safe to run twice. Returns how many were held.
    """
    wanted: dict[int, list[int]] = defaultdict(list)
    rows = Signature.objects.filter(pk__in=list(signature_ids), state__in=IN_HOPE)
    for petition_id, pk in rows.values_list("petition_id", "pk"):
        wanted[petition_id].append(pk)
    petitions = Petition.objects.select_related("campaign").filter(pk__in=wanted).order_by("pk")
    return sum(_hold(petition, wanted[petition.pk], now) for petition in petitions)


def _hold(petition: Petition, signature_ids: list[int], now: datetime) -> int:
    bounced = [
        signature
        for signature in locked_among(petition.pk, signature_ids)
        if signature.state in IN_HOPE and signature.confirmed_at is None
    ]
    counted = sum(signature.state == SignatureState.COUNTED for signature in bounced)
    adjust_tally(petition.pk, now=now, counted=-counted, held=len(bounced))
    Signature.objects.filter(pk__in=[signature.pk for signature in bounced]).update(
        state=SignatureState.HELD, reason=HoldReason.BOUNCE
    )
    record_activities(
        organisation_id=petition.campaign.organisation_id,
        kind=ActivityKind.HELD,
        at=now,
        rows=[(s.person_id, f"signature:{s.pk}", {"reason": "bounce"}) for s in bounced],
    )
    return len(bounced)
