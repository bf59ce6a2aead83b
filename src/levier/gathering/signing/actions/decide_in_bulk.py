"""Deciding of many signatures at once: seen first, then done by a task, in batches (P70)."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import UNFINISHED, BulkState, BulkVerb
from levier.gathering.signing.errors import NothingToDecide, NotReversible, SelectionChanged
from levier.gathering.signing.models.bulk_decision import BulkDecision, BulkLine
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.selection import Filters, decidable

RUN = "signing.run_bulk_decision"
_WRITE = """
INSERT INTO levier_bulkline (decision_id, signature_id, state_before, reason_before)
SELECT %s, chosen.id, '', '' FROM """


@transaction.atomic
def decide_in_bulk(
    *,
    petition: Petition,
    verb: BulkVerb,
    filters: Filters,
    seen_at: datetime,
    expected: int,
    reason: str,
    by: User,
    now: datetime,
) -> BulkDecision:
    """Write down which signatures are decided on, exactly those counted when they were shown.

    What arrived since `seen_at` is not among them. Raises SelectionChanged when the list no longer
    holds `expected` signatures, NothingToDecide when it holds none. A task does the rest.
    """
    decision = BulkDecision.objects.create(
        petition=petition,
        verb=verb,
        reason=reason,
        filters=filters.kept(),
        total=expected,
        by=by,
        decided_at=now,
    )
    chosen = decidable(petition, filters, verb).filter(signed_at__lte=seen_at)
    found = _write_lines(decision, chosen)
    if found != expected:
        raise SelectionChanged
    if not found:
        raise NothingToDecide
    _begin(decision, now)
    return decision


@transaction.atomic
def stop_bulk(*, decision: BulkDecision, by: User, now: datetime) -> BulkDecision:
    """No more batches: what was done stays done. Waits for the batch under way, then is exact."""
    decision = locked_decision(decision.pk)
    if decision.state in UNFINISHED:
        decision.state, decision.finished_at = BulkState.STOPPED, now
        decision.save(update_fields=["state", "finished_at"])
        _audit(decision, "bulk_stop", by, now, done=decision.done)
    return decision


@transaction.atomic
def undo_bulk(*, decision: BulkDecision, by: User, now: datetime) -> BulkDecision:
    """A decision that puts back, with their numbers, the signatures another one set aside.

    Raises NotReversible while that one runs, after it was undone, and for one that gave numbers.
    """
    decision = locked_decision(decision.pk)
    undone = BulkDecision.objects.filter(undoes=decision).exists()
    if not can_be_undone(decision) or undone:
        raise NotReversible
    back = BulkDecision.objects.create(
        petition=decision.petition,
        verb=BulkVerb.RESTORE,
        reason=decision.reason,
        filters=decision.filters,
        total=decision.done,
        undoes=decision,
        by=by,
        decided_at=now,
    )
    decided = BulkLine.objects.filter(decision=decision, decided=True).values("signature")
    _write_lines(back, Signature.objects.filter(pk__in=decided))
    _begin(back, now)
    return back


def can_be_undone(decision: BulkDecision) -> bool:
    """Whether there is something to put back. A number given is never taken back (P12)."""
    finished = decision.state not in UNFINISHED
    return finished and decision.verb == BulkVerb.REJECT and decision.done > 0


def locked_decision(pk: int) -> BulkDecision:
    """The decision as it is now, with its petition; nobody else moves it until the commit."""
    return (
        BulkDecision.objects.select_for_update(of=("self",))
        .select_related("petition__campaign", "by")
        .get(pk=pk)
    )


def _write_lines(decision: BulkDecision, chosen: QuerySet[Signature]) -> int:
    """One line per signature, in one statement; returns how many."""
    query, parameters = chosen.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_WRITE + f"({query}) AS chosen (id)", [decision.pk, *parameters])
        return int(cursor.rowcount)


def _begin(decision: BulkDecision, now: datetime) -> None:
    _audit(
        decision,
        "bulk_decide",
        decision.by,
        now,
        verb=decision.verb,
        signatures=decision.total,
        filters=sorted(decision.filters),
        undoes=decision.undoes_id,
    )
    app.configure_task(RUN, lock=f"bulk:{decision.petition_id}").defer(decision=decision.pk)


def _audit(decision: BulkDecision, act: str, by: User, now: datetime, **facts: object) -> None:
    append_audit(
        scope=decision.petition.campaign.organisation_id,
        body={"act": act, "decision": decision.pk, **facts},
        by=by.pk,
        now=now,
    )
