from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.enums import ActivityKind
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.counting import locked_among
from levier.gathering.signing.actions.numbering import number_signatures
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature


@transaction.atomic
def release(
    *, petition: Petition, signature_ids: Sequence[int], by: User, now: datetime
) -> list[Signature]:
    """Count held signatures after looking at them (P68): a number now, or the one they had.

    Ids of other petitions, and signatures that are not held, are left alone. Any number of them
    is the same few statements.
    """
    held = [
        signature
        for signature in locked_among(petition.pk, signature_ids)
        if signature.state == SignatureState.HELD
    ]
    number_signatures(petition=petition, signature_ids=[s.pk for s in held], now=now)
    organisation_id = petition.campaign.organisation_id
    record_activities(
        organisation_id=organisation_id,
        kind=ActivityKind.RELEASED,
        at=now,
        rows=[(s.person_id, f"signature:{s.pk}", {"by": by.pk}) for s in held],
    )
    body = {"act": "release", "petition": str(petition.uuid), "signatures": [s.pk for s in held]}
    append_audit(scope=organisation_id, body=body, by=by.pk, now=now)
    return held
