"""Writing supporters, some thousands at a time; and taking them back."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, LiteralString

from django.db import connection, transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.forgetting import forget_people
from levier.foundation.people.actions.import_files import drop_rows, locked_import, may_be_undone
from levier.foundation.people.actions.import_forgetting import (
    forget_consents,
    people_with_nothing_else,
)
from levier.foundation.people.actions.import_supporters import (
    REFUSE,
    defer_work,
    run_values,
    source_of,
)
from levier.foundation.people.enums import UNDOABLE, ImportState
from levier.foundation.people.errors import ImportMoved, RowsLost, TooLate
from levier.foundation.people.models.imports import SupporterImport

AT_ONCE = 10_000
UNDONE_AT_ONCE = 2_000
FOLDER = Path(__file__).with_name("sql")
_LAST: LiteralString = """
SELECT max(row), count(*), count(*) FILTER (WHERE reason <> '') FROM (
    SELECT row, reason FROM levier_importrow
    WHERE import = %s AND position = 0 AND row > %s ORDER BY row LIMIT %s
) AS next
"""
_RANGE: LiteralString = " AND position = 0 AND row > %(row)s AND row <= %(to_row)s"
_BROUGHT: LiteralString = """
SELECT person.id FROM levier_person AS person
WHERE organisation_id = %s AND created_at = %s AND erased_at IS NULL AND person.id > %s
    AND EXISTS (
        SELECT FROM levier_activity AS told
        WHERE told.person_id = person.id AND kind = 'imported' AND subject = %s
    )
ORDER BY person.id LIMIT %s
"""
# What was filled is emptied again, where nobody changed it since.
_EMPTY: LiteralString = """
UPDATE levier_person AS person SET
    first_name = CASE WHEN person.first_name = filled->>'first_name' THEN ''
        ELSE person.first_name END,
    last_name = CASE WHEN person.last_name = filled->>'last_name' THEN ''
        ELSE person.last_name END,
    honorific = CASE WHEN person.honorific = filled->>'honorific' THEN ''
        ELSE person.honorific END,
    language = CASE WHEN person.language = filled->>'language' THEN '' ELSE person.language END,
    postcode = CASE WHEN person.postcode = filled->>'postcode' THEN '' ELSE person.postcode END,
    country = CASE WHEN person.country = filled->>'country' THEN '' ELSE person.country END
FROM (
    SELECT person_id, data->'filled' AS filled FROM levier_activity
    WHERE at = %(started)s AND kind = 'imported' AND subject = %(source)s AND data ? 'filled'
) AS told
WHERE person.id = told.person_id AND filled <> '{}'
"""
_TOUCHED: LiteralString = """
SELECT person_id FROM levier_activity
WHERE at = %(started)s AND kind = 'imported' AND subject = %(source)s AND person_id IS NOT NULL
"""
_TAKE_OFF: LiteralString = """
WITH untagged AS (
    DELETE FROM levier_persontag
    WHERE person_id = ANY(%(people)s) AND at = %(started)s AND by_id IS NULL
), silenced AS (
    DELETE FROM levier_contactpoint
    WHERE person_id = ANY(%(people)s) AND channel = 'phone' AND created_at = %(started)s
        AND EXISTS (
            SELECT FROM levier_contactpoint AS other
            WHERE other.person_id = levier_contactpoint.person_id AND other.channel = 'email'
        )
)
INSERT INTO levier_activity (organisation_id, person_id, kind, subject, data, at)
SELECT %(organisation)s, id, 'imported', %(source)s, '{"undone": true}', %(now)s
FROM unnest(%(people)s::bigint[]) AS id
"""


@transaction.atomic
def import_supporters_next(*, batch_id: int, now: datetime, size: int = AT_ONCE) -> bool:
    """Write the next rows. Returns whether some are left. Each call is a transaction: killed, the
    next one goes on from the last that was committed. Raises RowsLost."""
    batch = locked_import(SupporterImport, batch_id)
    if batch.state != ImportState.RUNNING:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [batch.uuid, batch.reached_row, size])
        last, rows, _refused = cursor.fetchone() or (None, 0, 0)
        if last is None and batch.done < batch.total:
            raise RowsLost
        if last is None:
            _finish(batch, now)
            return False
        values = {**run_values(batch), "row": batch.reached_row, "to_row": last}
        cursor.execute(REFUSE + _RANGE, values)
        cursor.execute(_statement("supporters_known"), values)
        known, changed = cursor.fetchone() or (0, 0)
        cursor.execute(_statement("supporters_new"), values)
        new, accepted = cursor.fetchone() or (0, 0)
        cursor.execute(_LAST, [batch.uuid, batch.reached_row, size])
        _last, _rows, refused = cursor.fetchone() or (None, 0, 0)
    told = {"new": new, "known": known, "twice": accepted - new - known, "changed": changed}
    for name, n in {**told, "refused": refused}.items():
        batch.counts[name] = batch.counts.get(name, 0) + n
    batch.reached_row, batch.done = last, batch.done + rows
    batch.save(update_fields=["counts", "reached_row", "done"])
    return True


@cache
def _statement(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text()


def _finish(batch: SupporterImport, now: datetime) -> None:
    batch.state, batch.finished_at, batch.done = ImportState.DONE, now, batch.total
    batch.save(update_fields=["state", "finished_at", "done"])
    told = {name: batch.counts.get(name, 0) for name in ("new", "known", "twice", "refused")}
    append_audit(
        scope=batch.organisation_id,
        body={"act": "people.import_done", "import": batch.pk, **told},
        by=batch.by_id,
        now=now,
    )


@transaction.atomic
def undo_supporters(*, batch: SupporterImport, by: User | None, now: datetime) -> SupporterImport:
    """Take back all that an import added, for seven days; a task does it. Raises ImportMoved,
    TooLate."""
    kept = locked_import(SupporterImport, batch.pk)
    if kept.state not in UNDOABLE or kept.started_at is None:
        raise ImportMoved
    if not may_be_undone(kept, now=now):
        raise TooLate
    kept.state, kept.done, kept.total = ImportState.UNDOING, 0, kept.counts.get("new", 0)
    kept.reached_position, kept.problem = 0, ""
    kept.counts = {**kept.counts, "undone": 0, "theirs": 0}
    kept.save()
    body = {"act": "people.import_undo", "import": kept.pk}
    append_audit(scope=kept.organisation_id, body=body, by=by.pk if by else None, now=now)
    defer_work(kept)
    return kept


@transaction.atomic
def undo_supporters_next(*, batch_id: int, now: datetime, size: int = UNDONE_AT_ONCE) -> bool:
    """Forget the next people whom the import alone had brought; then, once, take back what it
    had added to others. Returns whether some are left."""
    batch = locked_import(SupporterImport, batch_id)
    if batch.state != ImportState.UNDOING or batch.started_at is None:
        return False
    with connection.cursor() as cursor:
        source, after = source_of(batch), batch.reached_position
        cursor.execute(_BROUGHT, [batch.organisation_id, batch.started_at, after, source, size])
        people = [row[0] for row in cursor.fetchall()]
    forget_consents(person_ids=people, source=source)
    alone = people_with_nothing_else(person_ids=people, since=batch.started_at, subjects=[source])
    forget_people(person_ids=alone, now=now)
    batch.counts["undone"] += len(alone)
    batch.counts["theirs"] += len(people) - len(alone)
    batch.done += len(people)
    if people:
        batch.reached_position = people[-1]
    else:
        _take_off(batch, source, now)
    batch.save()
    return batch.state == ImportState.UNDOING


def _take_off(batch: SupporterImport, source: str, now: datetime) -> None:
    values: dict[str, Any] = {"started": batch.started_at, "source": source, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY, values)
        cursor.execute(_TOUCHED, values)
        people = [row[0] for row in cursor.fetchall()]
        forget_consents(person_ids=people, source=source)
        more: dict[str, Any] = {"people": people, "organisation": batch.organisation_id}
        cursor.execute(_TAKE_OFF, {**values, **more})
    drop_rows(batch)
    batch.state, batch.undone_at, batch.done = ImportState.UNDONE, now, batch.total
    told = {name: batch.counts.get(name, 0) for name in ("undone", "theirs")}
    append_audit(
        scope=batch.organisation_id,
        body={"act": "people.import_undone", "import": batch.pk, **told},
        by=batch.by_id,
        now=now,
    )
