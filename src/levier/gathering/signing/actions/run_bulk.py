"""One batch of a bulk decision. Each is a transaction: stopped or killed, what was done is done."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection, transaction

from levier.foundation.ledger.actions import append_audit
from levier.gathering.signing.actions.decide_in_bulk import locked_decision
from levier.gathering.signing.actions.reject import reject
from levier.gathering.signing.actions.release import release
from levier.gathering.signing.actions.restore import restore
from levier.gathering.signing.enums import UNFINISHED, BulkState, BulkVerb
from levier.gathering.signing.models.bulk_decision import BulkDecision, BulkLine
from levier.gathering.signing.models.signature import Signature

BATCH = 500  # signatures: the tally is locked some tenths of a second, and signing waits no longer
_NOTE = """
UPDATE levier_bulkline AS line
SET decided = told.state <> '', state_before = told.state, reason_before = told.reason
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS told (signature, state, reason)
WHERE line.decision_id = %s AND line.signature_id = told.signature
"""


@transaction.atomic
def run_batch(*, decision_id: int, now: datetime, size: int = BATCH) -> bool:
    """Decide the next signatures of a decision. Returns whether some are left to do.

    Safe to run twice, and beside people signing: each signature is looked at again under the
    petition's lock, and left alone if it changed meanwhile.
    """
    decision = locked_decision(decision_id)
    if decision.state not in UNFINISHED:
        return False
    ids = list(
        BulkLine.objects.filter(decision=decision, decided=None)
        .order_by("signature")
        .values_list("signature", flat=True)[:size]
    )
    changed = _VERBS[BulkVerb(decision.verb)](decision, ids, now) if ids else []
    _note(decision, ids, changed)
    decision.done += len(changed)
    decision.untouched += len(ids) - len(changed)
    decision.state = BulkState.RUNNING
    if len(ids) < size:
        _finish(decision, now)
    decision.save(update_fields=["done", "untouched", "state", "finished_at"])
    return decision.state == BulkState.RUNNING


def _reject(decision: BulkDecision, ids: Sequence[int], now: datetime) -> list[Signature]:
    return reject(petition=decision.petition, signature_ids=ids, by=decision.by, now=now)


def _release(decision: BulkDecision, ids: Sequence[int], now: datetime) -> list[Signature]:
    return release(petition=decision.petition, signature_ids=ids, by=decision.by, now=now)


def _restore(decision: BulkDecision, ids: Sequence[int], now: datetime) -> list[Signature]:
    lines = BulkLine.objects.filter(decision=decision.undoes_id, signature__in=ids)
    before = {
        pk: (state, reason)
        for pk, state, reason in lines.values_list("signature", "state_before", "reason_before")
    }
    return restore(
        petition=decision.petition,
        before=before,
        since=decision.undoes.decided_at if decision.undoes else now,
        by=decision.by,
        now=now,
    )


_VERBS: dict[BulkVerb, Callable[[BulkDecision, Sequence[int], datetime], list[Signature]]] = {
    BulkVerb.REJECT: _reject,
    BulkVerb.RELEASE: _release,
    BulkVerb.RESTORE: _restore,
}


def _note(decision: BulkDecision, ids: Sequence[int], changed: Sequence[Signature]) -> None:
    """What each signature was before: the objects of the actions still say it."""
    before = {signature.pk: (signature.state, signature.reason) for signature in changed}
    told = [before.get(pk, ("", "")) for pk in ids]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [list(ids), [s for s, _ in told], [r for _, r in told], decision.pk])


def _finish(decision: BulkDecision, now: datetime) -> None:
    decision.state, decision.finished_at = BulkState.DONE, now
    body = {
        "act": "bulk_done",
        "decision": decision.pk,
        "done": decision.done,
        "untouched": decision.untouched,
    }
    scope = decision.petition.campaign.organisation_id
    append_audit(scope=scope, body=body, by=decision.by_id, now=now)
