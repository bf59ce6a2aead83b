"""Checking a file of past signatures, row by row, before anything is written (P58)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, LiteralString

from django.db import connection, transaction
from procrastinate.contrib.django import app

from levier.foundation.campaigns.enums import CountPolicy
from levier.foundation.people.actions.import_cleaning import Cleaner
from levier.foundation.people.actions.import_files import choose_columns, locked_import
from levier.foundation.people.actions.import_staging import stage_rows
from levier.foundation.people.enums import ImportState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.import_rows import signature_cleaner, signature_row
from levier.gathering.signing.models.imports import ImportBatch

WORK = "signing.work_on_import"

# Rows that may not come in: whoever withdrew here, or said « ce n’était pas moi », stays out; an
# address that asked to be forgotten, or that does not exist, too.
REFUSE: LiteralString = """
UPDATE levier_importrow AS staged SET reason = judged.reason
FROM (
    SELECT laid.row, CASE
        WHEN EXISTS (
            SELECT FROM levier_suppression AS said
            WHERE said.organisation_id = %(organisation)s AND said.channel = laid.channel
                AND said.canonical_hmac = laid.refused AND (
                    said.scope = '' AND said.reason IN ('erased', 'hard_bounce')
                    OR said.scope = %(scope)s AND said.reason = 'not_me'
                )
        ) THEN 'suppressed'
        WHEN EXISTS (
            SELECT FROM levier_contactpoint AS point
            JOIN levier_signature AS gone ON gone.person_id = point.person_id
                AND gone.petition_id = %(petition)s
            WHERE point.organisation_id = %(organisation)s AND point.channel = laid.channel
                AND point.canonical = laid.canonical AND (
                    gone.state = 'withdrawn' AND NOT EXISTS (
                        SELECT FROM levier_signature AS standing
                        WHERE standing.petition_id = %(petition)s
                            AND standing.person_id = point.person_id
                            AND standing.state <> 'withdrawn'
                    )
                    OR gone.state = 'rejected' AND gone.reason = 'disowned'
                )
        ) THEN 'withdrawn' ELSE '' END AS reason
    FROM levier_importrow AS laid
    WHERE laid.import = %(import)s AND laid.reason = '' {range}
) AS judged
WHERE staged.import = %(import)s AND staged.row = judged.row AND judged.reason <> '' {own_range}
"""
_COUNT = """
SELECT
    count(*) FILTER (WHERE turn = 1 AND NOT known),
    count(*) FILTER (WHERE turn = 1 AND known),
    count(*) FILTER (WHERE turn > 1),
    count(*) FILTER (WHERE turn = 1 AND NOT known AND confirmed_at IS NOT NULL),
    count(*) FILTER (WHERE turn = 1 AND NOT known AND agreed <> '{}'),
    count(*) FILTER (WHERE turn = 1 AND NOT known AND words <> ''),
    to_timestamp(min(position) FILTER (WHERE turn = 1 AND NOT known) / 1e6),
    to_timestamp(max(position) FILTER (WHERE turn = 1 AND NOT known) / 1e6)
FROM (
    SELECT laid.position, laid.confirmed_at, laid.agreed, laid.words, row_number() OVER (
            PARTITION BY laid.channel, laid.canonical ORDER BY laid.position, laid.row
        ) AS turn,
        EXISTS (
            SELECT FROM levier_contactpoint AS point
            JOIN levier_signature AS standing ON standing.person_id = point.person_id
                AND standing.petition_id = %(petition)s AND standing.state <> 'withdrawn'
            WHERE point.organisation_id = %(organisation)s AND point.channel = laid.channel
                AND point.canonical = laid.canonical
        ) AS known
    FROM levier_importrow AS laid WHERE laid.import = %(import)s AND laid.reason = ''
) AS judged
"""
_FIGURES = ("new", "known", "twice", "confirmed", "agreed", "comments")
_SPAN = ("first", "last")
_REFUSED = "SELECT count(*) FROM levier_importrow WHERE import = %s AND reason <> ''"


def parameters(batch: ImportBatch) -> dict[str, Any]:
    """What every statement about an import needs."""
    return {
        "import": batch.uuid,
        "petition": batch.petition_id,
        "organisation": batch.organisation_id,
        "scope": f"petition:{batch.petition_id}",
    }


@transaction.atomic
def check_past(*, batch: ImportBatch, mapping: dict[str, Any]) -> ImportBatch:
    """Have every row checked with this meaning of the columns; nothing is written yet."""
    kept = choose_columns(batch=batch, mapping=mapping)
    defer_work(kept)
    return kept


def defer_work(batch: ImportBatch) -> None:
    """Have the worker go on with an import."""
    app.configure_task(WORK, lock=f"import:{batch.uuid}").defer(pk=batch.pk)


def judge_rows(*, batch: ImportBatch, now: datetime) -> ImportBatch:
    """Clean all rows, then say what an import would do. Safe to run twice, and stopped by
    `stop_import`. Raises UnreadableTable for a file that breaks off further down."""
    cleaner = lay_rows(batch=batch)
    return _conclude(batch, cleaner.warnings, now) if cleaner else batch


def lay_rows(*, batch: ImportBatch) -> Cleaner | None:
    """Lay down all rows of an import; None when somebody stopped it."""
    cleaner = signature_cleaner(batch=batch)
    lay = signature_row(batch=batch, needs_proof=needs_proof(batch.petition), cleaner=cleaner)
    return cleaner if stage_rows(batch=batch, lay=lay) else None


def needs_proof(petition: Petition) -> bool:
    """Whether only confirmed addresses count on this petition (P15)."""
    policy = petition.count_policy or petition.campaign.count_policy
    return bool(policy == CountPolicy.CONFIRMED)


@transaction.atomic
def _conclude(batch: ImportBatch, warnings: Mapping[str, int], now: datetime) -> ImportBatch:
    kept = locked_import(ImportBatch, batch.pk)
    if kept.state != ImportState.CHECKING:
        return kept
    with connection.cursor() as cursor:
        cursor.execute(REFUSE.format(range="", own_range=""), parameters(batch))
        cursor.execute(_COUNT, parameters(batch))
        found: tuple[Any, ...] = cursor.fetchone() or (0,) * 8
        cursor.execute(_REFUSED, [batch.uuid])
        (refused,) = cursor.fetchone() or (0,)
    kept.counts = {
        **dict(zip(_FIGURES, found[:6], strict=True)),
        "refused": refused,
        **{name: at.isoformat() if at else "" for name, at in zip(_SPAN, found[6:], strict=True)},
        "warnings": {name: n for name, n in warnings.items() if n},
    }
    kept.state, kept.checked_at = ImportState.CHECKED, now
    kept.done = kept.total
    kept.save(update_fields=["state", "counts", "checked_at", "done"])
    return kept
