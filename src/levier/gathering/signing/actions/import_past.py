"""Writing past signatures, some thousands at a time, beside people signing (P58)."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any, LiteralString

import orjson
from django.db import connection, transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.ledger.models import TreeHead
from levier.foundation.people.actions.import_files import locked_import
from levier.foundation.people.enums import ImportState
from levier.foundation.people.errors import ImportMoved, RowsLost
from levier.foundation.people.rules import scope_of
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import AGREEMENTS
from levier.gathering.petitions.rules.goals import thresholds
from levier.gathering.signing.actions.import_check import REFUSE, defer_work, parameters
from levier.gathering.signing.errors import NotImportable
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.models.tally import Tally

# The tally is locked some tenths of a second for as many; those who sign meanwhile come next.
AT_ONCE = 1_000
FOLDER = Path(__file__).with_name("sql")
IMPORTABLE = frozenset({PetitionState.OPEN, PetitionState.PAUSED})
HIGHEST_THRESHOLD = 2_000_000_000
_RANGE: LiteralString = (
    "AND (position, row) > (%(position)s, %(row)s)"
    " AND (position, row) <= (%(to_position)s, %(to_row)s)"
)
_OWN_RANGE: LiteralString = (
    "AND (staged.position, staged.row) > (%(position)s, %(row)s)"
    " AND (staged.position, staged.row) <= (%(to_position)s, %(to_row)s)"
)
_LAID_RANGE: LiteralString = (
    "AND (laid.position, laid.row) > (%(position)s, %(row)s)"
    " AND (laid.position, laid.row) <= (%(to_position)s, %(to_row)s)"
)
_LAST = """
SELECT position, row, count(*) OVER () FROM (
    SELECT position, row FROM levier_importrow
    WHERE import = %(import)s AND (position, row) > (%(position)s, %(row)s)
    ORDER BY position, row LIMIT %(size)s
) AS next ORDER BY position DESC, row DESC LIMIT 1
"""
_COUNT_REFUSED: LiteralString = """
SELECT count(*) FROM levier_importrow WHERE import = %(import)s AND reason <> '' /*range*/
"""


@dataclass(frozen=True, kw_only=True)
class _Span:
    """The rows of one transaction, by their place in the order."""

    position: int
    row: int
    to_position: int
    to_row: int
    rows: int


@transaction.atomic
def import_past(*, batch: ImportBatch, by: User | None, now: datetime) -> ImportBatch:
    """Begin, or go on with, an import that was checked; a task does it. Raises ImportMoved,
    NotImportable."""
    kept = locked_import(ImportBatch, batch.pk)
    resumed = kept.state == ImportState.STOPPED and kept.started_at is not None
    if (kept.state != ImportState.CHECKED and not resumed) or kept.forgotten_at:
        raise ImportMoved
    if kept.petition.state not in IMPORTABLE:
        raise NotImportable
    if not resumed:
        kept.started_at, kept.done = now, 0
        kept.counts = {**kept.counts, "foreseen": kept.counts, **_NOTHING}
    kept.state, kept.problem, kept.finished_at = ImportState.RUNNING, "", None
    kept.save()
    body = {"act": "import", "petition": str(kept.petition.uuid), "import": kept.pk}
    append_audit(
        scope=kept.organisation_id,
        body={**body, "sha256": bytes(kept.sha256).hex(), "rows": kept.total, "resumed": resumed},
        by=by.pk if by else None,
        now=now,
    )
    defer_work(kept)
    return kept


_NOTHING = {"new": 0, "known": 0, "twice": 0, "refused": 0, "confirmed": 0, "not_agreed": 0}


@transaction.atomic
def import_next(*, batch_id: int, now: datetime, size: int = AT_ONCE) -> bool:
    """Write the next rows. Returns whether some are left. Each call is a transaction: killed, the
    next one goes on from the last that was committed, without a double. Raises RowsLost."""
    batch = locked_import(ImportBatch, batch_id)
    if batch.state != ImportState.RUNNING:
        return False
    span = _next_span(batch, size)
    if span is None and batch.done < batch.total:
        raise RowsLost
    if span is None:
        _finish(batch, now)
        return False
    values = {**parameters(batch), **vars(span), "started": batch.started_at, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(REFUSE.format(range=_LAID_RANGE, own_range=_OWN_RANGE), values)
        cursor.execute(_statement("past_people"), values)
        petition = Petition.objects.select_related("campaign").get(pk=batch.petition_id)
        if petition.state not in IMPORTABLE:
            raise NotImportable
        cursor.execute(
            _statement("past_signatures"), {**values, **_under_the_lock(batch, petition)}
        )
        fresh, confirmed, not_agreed, twice, known = cursor.fetchone() or (0,) * 5
        cursor.execute(_COUNT_REFUSED.replace("/*range*/", _RANGE), values)
        (refused,) = cursor.fetchone() or (0,)
    told = {"new": fresh, "known": known, "twice": twice, "refused": refused}
    _note(batch, span, {**told, "confirmed": confirmed, "not_agreed": not_agreed})
    return True


@cache
def _statement(name: str) -> str:
    """A statement of `sql/`, over the rows of one transaction."""
    return (FOLDER / f"{name}.sql").read_text().replace("/*range*/", _RANGE)


def _next_span(batch: ImportBatch, size: int) -> _Span | None:
    start = -1 if batch.reached_position is None else batch.reached_position
    values: dict[str, Any] = {
        "import": batch.uuid,
        "position": start,
        "row": batch.reached_row,
        "size": size,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LAST, values)
        found = cursor.fetchone()
    if found is None:
        return None
    return _Span(
        position=start,
        row=batch.reached_row,
        to_position=found[0],
        to_row=found[1],
        rows=found[2],
    )


def _under_the_lock(batch: ImportBatch, petition: Petition) -> dict[str, Any]:
    """Lock the tally, then the log's head, as everybody does; and what the statement needs."""
    tally = Tally.objects.select_for_update().get(petition=petition)
    TreeHead.objects.bulk_create([TreeHead(scope=batch.organisation_id)], ignore_conflicts=True)
    TreeHead.objects.select_for_update().get(pk=batch.organisation_id)
    steps = list(takewhile(lambda n: n <= HIGHEST_THRESHOLD, thresholds()))
    own = [petition.fixed_goal] if petition.fixed_goal else []
    return {
        "version": petition.version_id,
        "petition_uuid": petition.uuid,
        "last_number": tally.last_number,
        "before": tally.counted + tally.paper,
        "thresholds": sorted({*steps, *own}),
        "source_code": batch.source_code,
        "told": orjson.dumps({"import": batch.pk}).decode(),
        "wordings": orjson.dumps(_wordings(batch)).decode(),
    }


def _wordings(batch: ImportBatch) -> list[dict[str, str]]:
    """The exact words people agreed to elsewhere, by column."""
    told: dict[str, str] = batch.mapping.get("wordings", {})
    return [
        {
            "field": field,
            "channel": channel,
            "purpose": purpose,
            "scope": scope_of(purpose, f"petition:{batch.petition_id}"),
            "wording": told[field],
        }
        for field, (channel, purpose) in AGREEMENTS.items()
        if told.get(field)
    ]


def _note(batch: ImportBatch, span: _Span, told: dict[str, int]) -> None:
    for name, n in told.items():
        batch.counts[name] = batch.counts.get(name, 0) + n
    batch.reached_position, batch.reached_row = span.to_position, span.to_row
    batch.done += span.rows
    batch.save(update_fields=["counts", "reached_position", "reached_row", "done"])


def _finish(batch: ImportBatch, now: datetime) -> None:
    batch.state, batch.finished_at, batch.done = ImportState.DONE, now, batch.total
    batch.save(update_fields=["state", "finished_at", "done"])
    told = {name: batch.counts.get(name, 0) for name in _NOTHING}
    append_audit(
        scope=batch.organisation_id,
        body={"act": "import_done", "import": batch.pk, **told},
        by=batch.by_id,
        now=now,
    )
