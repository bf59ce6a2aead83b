from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.enums import ActivityKind
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.counting import locked_among, uncount
from levier.gathering.signing.enums import STANDING, HoldReason, SignatureState
from levier.gathering.signing.models.signature import Signature


@transaction.atomic
def reject(
    *,
    petition: Petition,
    signature_ids: Sequence[int],
    by: User,
    now: datetime,
    reason: HoldReason = HoldReason.TEAM,
) -> list[Signature]:
    """Set signatures aside for good: out of the count, number kept, comment hidden.

    A held one keeps the reason it was held for. Ids of other petitions, and signatures already
    out, are left alone. Any number of them is the same few statements.
    """
    leaving = [s for s in locked_among(petition.pk, signature_ids) if s.state in STANDING]
    uncount(petition, leaving, now=now)
    rows = Signature.objects.filter(pk__in=[s.pk for s in leaving])
    rows.filter(reason=HoldReason.NONE).update(reason=reason)
    rows.update(state=SignatureState.REJECTED)
    people = [s.person_id for s in leaving if s.person_id is not None]
    Comment.objects.filter(petition=petition, person__in=people).update(
        state=CommentState.HIDDEN, featured_at=None, moderated_at=now, moderated_by=by
    )
    organisation_id = petition.campaign.organisation_id
    record_activities(
        organisation_id=organisation_id,
        kind=ActivityKind.REJECTED,
        at=now,
        rows=[(s.person_id, f"signature:{s.pk}", {"by": by.pk}) for s in leaving],
    )
    body = {"act": "reject", "petition": str(petition.uuid), "signatures": [s.pk for s in leaving]}
    append_audit(scope=organisation_id, body=body, by=by.pk, now=now)
    return leaving
