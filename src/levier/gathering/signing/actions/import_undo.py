"""Undoing an import: its signatures leave the count, its numbers are not used again (P59)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

import orjson
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit, append_leaves
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.rules import withdrawal_leaf
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.forgetting import forget_people
from levier.foundation.people.actions.import_files import drop_rows, locked_import, may_be_undone
from levier.foundation.people.actions.import_forgetting import (
    forget_consents,
    people_with_nothing_else,
)
from levier.foundation.people.enums import UNDOABLE, ActivityKind, ImportState
from levier.foundation.people.errors import ImportMoved, TooLate
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.import_check import defer_work
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally

AT_ONCE = 1_000
# What people did here with a signature since: it is theirs now, and stays.
THEIRS = (
    ActivityKind.SIGNED_AGAIN,
    ActivityKind.CONFIRMED,
    ActivityKind.COMMENTED,
    ActivityKind.CORRECTED,
    ActivityKind.READDRESSED,
)
# By the index on (petition, number): an import's numbers are behind one another.
_NEXT: LiteralString = """
SELECT signed.id, signed.number, signed.person_id, signed.state, signed.confirmed_at IS NOT NULL,
    EXISTS (
        SELECT FROM levier_activity AS done
        WHERE done.person_id = signed.person_id AND done.kind = ANY(%(theirs)s)
            AND done.subject = 'signature:' || signed.id
    ) AS theirs
FROM levier_signature AS signed
WHERE signed.petition_id = %(petition)s AND signed.number > %(after)s
    AND signed.source_code = %(source_code)s
ORDER BY signed.number LIMIT %(size)s
FOR NO KEY UPDATE OF signed
"""
_LEAVE: LiteralString = """
UPDATE levier_signature SET
    state = CASE WHEN state = 'rejected' THEN state ELSE 'withdrawn' END,
    first_name = '', last_name = '', postcode = '', country = '', show_name = false, extra = NULL,
    salt = NULL, person_id = NULL, contact_point_id = NULL, network_key = NULL,
    anonymised_at = %(now)s
WHERE id = ANY(%(ids)s)
"""
_TELL: LiteralString = """
INSERT INTO levier_activity (organisation_id, person_id, kind, subject, data, at)
SELECT %(organisation)s, person.id, 'withdrew', 'signature:' || gone.id, %(told)s::jsonb, %(now)s
FROM unnest(%(ids)s::bigint[], %(people)s::bigint[]) AS gone (id, person_id)
LEFT JOIN levier_person AS person ON person.id = gone.person_id AND person.erased_at IS NULL
"""


@transaction.atomic
def undo_import(*, batch: ImportBatch, by: User | None, now: datetime) -> ImportBatch:
    """Take back all that an import wrote, for seven days after it; a task does it. Raises
    ImportMoved, TooLate."""
    kept = locked_import(ImportBatch, batch.pk)
    if kept.state not in UNDOABLE or kept.started_at is None:
        raise ImportMoved
    if not may_be_undone(kept, now=now):
        raise TooLate
    kept.state, kept.done, kept.total = ImportState.UNDOING, 0, kept.counts.get("new", 0)
    kept.reached_position, kept.problem = 0, ""
    kept.counts = {**kept.counts, "undone": 0, "theirs": 0}
    kept.save()
    body = {"act": "import_undo", "petition": str(kept.petition.uuid), "import": kept.pk}
    append_audit(scope=kept.organisation_id, body=body, by=by.pk if by else None, now=now)
    defer_work(kept)
    return kept


@transaction.atomic
def undo_next(*, batch_id: int, now: datetime, size: int = AT_ONCE) -> bool:
    """Take back the next signatures. Returns whether some are left. Safe to run twice: what was
    taken back is behind."""
    batch = locked_import(ImportBatch, batch_id)
    if batch.state != ImportState.UNDOING:
        return False
    Tally.objects.select_for_update().get(petition=batch.petition_id)
    rows = _next(batch, size)
    leaving = [row for row in rows if not row[5] and row[3] != "withdrawn"]
    if leaving:
        _take_back(batch, leaving, now)
    batch.counts["undone"] += len(leaving)
    batch.counts["theirs"] += sum(row[5] for row in rows)
    batch.done += len(rows)
    if rows:
        batch.reached_position = rows[-1][1]
    if len(rows) < size:
        _finish(batch, now)
    batch.save()
    return batch.state == ImportState.UNDOING


def _next(batch: ImportBatch, size: int) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "petition": batch.petition_id,
        "source_code": batch.source_code,
        "after": batch.reached_position,
        "theirs": list(THEIRS),
        "size": size,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, values)
        return list(cursor.fetchall())


def _take_back(batch: ImportBatch, leaving: Sequence[tuple[Any, ...]], now: datetime) -> None:
    ids, people = [row[0] for row in leaving], [row[2] for row in leaving]
    counted = [row for row in leaving if row[3] == "counted"]
    _lower(batch, counted, sum(row[3] == "held" for row in leaving), now)
    ReferralCode.objects.filter(signature__in=ids).delete()
    _words_of(ids).delete()
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE, {"ids": ids, "now": now})
    known = [pk for pk in people if pk is not None]
    forget_consents(person_ids=known, source=batch.source_code)
    alone = people_with_nothing_else(
        person_ids=known, since=batch.started_at or now, subjects=[f"signature:{pk}" for pk in ids]
    )
    Delivery.objects.filter(person__in=alone).delete()
    forget_people(person_ids=alone, now=now)
    told = orjson.dumps({"import": batch.pk}).decode()
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"organisation": batch.organisation_id, "told": told, "now": now}
        cursor.execute(_TELL, {**values, "ids": ids, "people": people})


def _words_of(signature_ids: Sequence[int]) -> QuerySet[Comment]:
    """What the file made these people say. Who spoke here since keeps their signature."""
    signed = Signature.objects.filter(pk__in=signature_ids, person=OuterRef("person"))
    same = signed.filter(petition=OuterRef("petition"), signed_at=OuterRef("created_at"))
    petitions = Signature.objects.filter(pk__in=signature_ids).values("petition")
    return Comment.objects.filter(Exists(same), petition__in=petitions)


def _lower(
    batch: ImportBatch, counted: Sequence[tuple[Any, ...]], held: int, now: datetime
) -> None:
    """The tally, which is locked, and the log: which numbers no longer count."""
    petition: Petition = batch.petition
    tally = Tally.objects.get(petition=petition)
    tally.counted -= len(counted)
    tally.confirmed -= sum(row[4] for row in counted)
    tally.held -= held
    tally.updated_at = now
    tally.save()
    numbers = sorted(row[1] for row in counted)
    if numbers:
        append_leaves(
            scope=batch.organisation_id,
            kind=EntryKind.WITHDRAWAL,
            leaves=[withdrawal_leaf(petition=petition.uuid, number=n, at=now) for n in numbers],
            now=now,
        )


def _finish(batch: ImportBatch, now: datetime) -> None:
    batch.state, batch.undone_at = ImportState.UNDONE, now
    batch.done = batch.total
    drop_rows(batch)
    told = {name: batch.counts.get(name, 0) for name in ("undone", "theirs")}
    append_audit(
        scope=batch.organisation_id,
        body={"act": "import_undone", "import": batch.pk, **told},
        by=batch.by_id,
        now=now,
    )
