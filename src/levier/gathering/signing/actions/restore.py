from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.enums import ActivityKind
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.counting import adjust_tally, locked_among
from levier.gathering.signing.actions.numbering import log_numbers, number_signatures
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature


@transaction.atomic
def restore(
    *,
    petition: Petition,
    before: Mapping[int, tuple[str, str]],
    since: datetime,
    by: User,
    now: datetime,
) -> list[Signature]:
    """Put signatures that were set aside back as they were: counted or held, number kept (P12).

    `before` gives the state and the hold reason of each. Those that are no longer set aside, or
    lost their name since, are left alone. Comments hidden since `since` wait to be read again.
    The log says that the numbers count again: the last word on a number is the one that holds.
    """
    rejected = [
        signature
        for signature in locked_among(petition.pk, before)
        if signature.state == SignatureState.REJECTED and signature.anonymised_at is None
    ]
    _put_back(petition, rejected, before, now)
    log_numbers(petition, [s for s in rejected if s.number is not None], now)
    counted = [s.pk for s in rejected if before[s.pk][0] == SignatureState.COUNTED]
    number_signatures(petition=petition, signature_ids=counted, now=now)
    people = [s.person_id for s in rejected if s.person_id is not None]
    Comment.objects.filter(
        petition=petition, person__in=people, state=CommentState.HIDDEN, moderated_at__gte=since
    ).update(state=CommentState.WAITING, moderated_at=None, moderated_by=None)
    organisation_id = petition.campaign.organisation_id
    record_activities(
        organisation_id=organisation_id,
        kind=ActivityKind.RESTORED,
        at=now,
        rows=[(s.person_id, f"signature:{s.pk}", {"by": by.pk}) for s in rejected],
    )
    ids = [signature.pk for signature in rejected]
    body = {"act": "restore", "petition": str(petition.uuid), "signatures": ids}
    append_audit(scope=organisation_id, body=body, by=by.pk, now=now)
    return rejected


def _put_back(
    petition: Petition,
    rejected: list[Signature],
    before: Mapping[int, tuple[str, str]],
    now: datetime,
) -> None:
    """To their state; those that counted pass by « held », and are counted from there."""
    held = 0
    for (state, reason), ids in _alike(rejected, before).items():
        waits = state == SignatureState.PENDING
        back = SignatureState.PENDING if waits else SignatureState.HELD
        Signature.objects.filter(pk__in=ids).update(state=back, reason=reason)
        held += 0 if waits else len(ids)
    adjust_tally(petition.pk, now=now, held=held)


def _alike(
    rejected: list[Signature], before: Mapping[int, tuple[str, str]]
) -> dict[tuple[str, str], list[int]]:
    alike: dict[tuple[str, str], list[int]] = {}
    for signature in rejected:
        alike.setdefault(before[signature.pk], []).append(signature.pk)
    return alike
