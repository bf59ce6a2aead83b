"""Bringing supporters in from a file: who is not known is added, who is known is never changed but
where it was asked to complete what was empty (P21)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, LiteralString

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from levier.foundation.accounts.models import User
from levier.foundation.common.folding import words
from levier.foundation.common.tables.errors import UnreadableTable
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.import_cleaning import Cleaner, cleaner_for
from levier.foundation.people.actions.import_columns import TAGS
from levier.foundation.people.actions.import_files import choose_columns, locked_import
from levier.foundation.people.actions.import_staging import (
    NOTHING,
    SPEECHLESS,
    Lay,
    array,
    binary,
    moment,
    one_line,
    stage_rows,
)
from levier.foundation.people.actions.tags import find_or_make_tag
from levier.foundation.people.enums import Channel, ImportState, Purpose
from levier.foundation.people.errors import ImportMoved
from levier.foundation.people.models.imports import SupporterImport
from levier.foundation.people.models.tag import TAG_LENGTH
from levier.foundation.people.rules import suppression_hasher

WORK = "people.work_on_import"
MOST_TAGS = 200
UNSIGNED = (NOTHING,) * 5  # what only signatures have
SEPARATORS = str.maketrans(";|/\n", ",,,,")
MEANINGS = {
    "consent_org_news": (Channel.EMAIL, Purpose.ORG_NEWS),
    "consent_phone": (Channel.PHONE, Purpose.CONTINUE),
    "consent_post": (Channel.POST, Purpose.CONTINUE),
}
# Who asked to receive nothing more stays out, whatever a file says.
REFUSE: LiteralString = """
UPDATE levier_importrow AS staged SET reason = 'opposed'
WHERE staged.import = %(import)s AND staged.reason = '' AND EXISTS (
    SELECT FROM levier_suppression AS said
    WHERE said.organisation_id = %(organisation)s AND said.channel = staged.channel
        AND said.canonical_hmac = staged.refused AND said.scope = ''
)
"""
ROOM = "SET LOCAL work_mem = '64MB'"  # a million addresses compared without the disk
_COUNT: LiteralString = """
SELECT count(*) FILTER (WHERE known.id IS NULL), count(known.id), coalesce(sum(times - 1), 0)::int,
    count(*) FILTER (WHERE agrees)
FROM (
    SELECT channel, canonical, count(*) AS times, bool_or(agreed <> '{}') AS agrees
    FROM levier_importrow WHERE import = %(import)s AND reason = ''
    GROUP BY channel, canonical
) AS met LEFT JOIN levier_contactpoint AS known
    ON known.organisation_id = %(organisation)s AND known.channel = met.channel
    AND known.canonical = met.canonical
"""
_REFUSED = "SELECT count(*) FROM levier_importrow WHERE import = %s AND reason <> ''"
_TAGS = """
SELECT DISTINCT tag FROM levier_importrow, unnest(tags) AS tag
WHERE import = %s AND tags <> '{}' LIMIT %s
"""


@transaction.atomic
def check_supporters(*, batch: SupporterImport, mapping: dict[str, Any]) -> SupporterImport:
    """Have every row checked with this meaning of the columns; nothing is written yet."""
    kept = choose_columns(batch=batch, mapping=mapping)
    defer_work(kept)
    return kept


def defer_work(batch: SupporterImport) -> None:
    """Have the worker go on with an import."""
    app.configure_task(WORK, lock=f"import:{batch.uuid}").defer(pk=batch.pk)


def judge_supporters(*, batch: SupporterImport, now: datetime) -> SupporterImport:
    """Clean all rows, then say what an import would do. Safe to run twice."""
    cleaner = lay_supporters(batch=batch)
    if cleaner is None:
        return batch
    if len(_tags_of(batch)) > MOST_TAGS:
        raise TooManyTags
    return _conclude(batch, cleaner, now)


class TooManyTags(UnreadableTable):
    """A column of tags that is none."""

    message = _(
        "La colonne des étiquettes en contient plus de 200 différentes : ce n’en est sans doute "
        "pas une. Ne la reprenez pas."
    )


def lay_supporters(*, batch: SupporterImport) -> Cleaner | None:
    """Lay down all rows of an import; None when somebody stopped it."""
    cleaner = cleaner_for(
        reading=batch.reading,
        mapping=batch.mapping,
        time_zone=batch.organisation.time_zone,
        needs_email=False,
        needs_name=False,
        now=batch.created_at.astimezone(UTC),
    )
    return cleaner if stage_rows(batch=batch, lay=_row_layer(batch, cleaner)) else None


def _row_layer(batch: SupporterImport, cleaner: Cleaner) -> Lay:
    hashed = suppression_hasher(batch.organisation_id)
    places = [n for n, target in enumerate(batch.mapping["columns"]) if target == TAGS]

    def lay(record: Sequence[str]) -> tuple[int, Sequence[str]]:
        somebody = cleaner.clean(record)
        return 0, (
            somebody.channel,
            somebody.canonical,
            somebody.typed,
            binary(hashed(somebody.channel, somebody.canonical)),
            somebody.first_name,
            somebody.last_name,
            somebody.postcode,
            somebody.country,
            somebody.phone if somebody.channel == Channel.EMAIL else "",
            somebody.phone_canonical,
            array(somebody.agreed),
            moment(somebody.at),
            *UNSIGNED,
            one_line(cleaner.cell(record, "honorific"))[:20],
            one_line(cleaner.cell(record, "language"))[:5].lower(),
            array(_tags(record, places)) if places else "{}",
            *SPEECHLESS,
        )

    return lay


def _tags(record: Sequence[str], places: Sequence[int]) -> list[str]:
    """The tags of a row: words without what no eye sees, none twice."""
    cells = ",".join(record[place] for place in places).translate(SEPARATORS)
    names = ("".join(c for c in name if c.isprintable()) for name in cells.split(","))
    tidy = (" ".join(name.split())[:TAG_LENGTH] for name in names)
    return list(dict.fromkeys(name for name in tidy if words(name)))


def _tags_of(batch: SupporterImport) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_TAGS, [batch.uuid, MOST_TAGS + 1])
        return sorted(row[0] for row in cursor.fetchall())


@transaction.atomic
def _conclude(batch: SupporterImport, cleaner: Cleaner, now: datetime) -> SupporterImport:
    kept = locked_import(SupporterImport, batch.pk)
    if kept.state != ImportState.CHECKING:
        return kept
    values: dict[str, Any] = {"import": batch.uuid, "organisation": batch.organisation_id}
    with connection.cursor() as cursor:
        cursor.execute(ROOM)
        cursor.execute(REFUSE, values)
        cursor.execute(_COUNT, values)
        found: tuple[Any, ...] = cursor.fetchone() or (0,) * 4
        cursor.execute(_REFUSED, [batch.uuid])
        (refused,) = cursor.fetchone() or (0,)
    kept.counts = {
        **dict(zip(("new", "known", "twice", "agreed"), found, strict=True)),
        "refused": refused,
        "warnings": {name: n for name, n in cleaner.warnings.items() if n},
    }
    kept.state, kept.checked_at, kept.done = ImportState.CHECKED, now, kept.total
    kept.save(update_fields=["state", "counts", "checked_at", "done"])
    return kept


@transaction.atomic
def import_supporters(*, batch: SupporterImport, by: User | None, now: datetime) -> SupporterImport:
    """Begin, or go on with, an import that was checked; a task does it. Raises ImportMoved."""
    kept = locked_import(SupporterImport, batch.pk)
    resumed = kept.state == ImportState.STOPPED and kept.started_at is not None
    if (kept.state != ImportState.CHECKED and not resumed) or kept.forgotten_at:
        raise ImportMoved
    if not resumed:
        kept.started_at, kept.done = now, 0
        kept.mapping = {**kept.mapping, "tag_ids": _make_tags(kept, now)}
        foreseen = kept.counts
        kept.counts = {**foreseen, "foreseen": foreseen, "new": 0, "known": 0, "twice": 0}
        kept.counts |= {"refused": 0, "changed": 0}
    kept.state, kept.problem, kept.finished_at = ImportState.RUNNING, "", None
    kept.save()
    append_audit(
        scope=kept.organisation_id,
        body={
            "act": "people.import",
            "import": kept.pk,
            "sha256": bytes(kept.sha256).hex(),
            "rows": kept.total,
            "resumed": resumed,
        },
        by=by.pk if by else None,
        now=now,
    )
    defer_work(kept)
    return kept


def _make_tags(batch: SupporterImport, now: datetime) -> dict[str, int]:
    """The tags a file names, and those put on everybody (under ""), made where they are not."""
    for_all = batch.mapping.get("tags", [])
    names = [name for name in (*_tags_of(batch), *for_all) if words(name)]
    return {
        name: find_or_make_tag(organisation=batch.organisation, name=name[:TAG_LENGTH], now=now).pk
        for name in names
    }


def run_values(batch: SupporterImport) -> dict[str, Any]:
    """What the statements of an import need."""
    told: dict[str, str] = batch.mapping.get("wordings", {})
    wordings = [
        {"field": field, "channel": channel, "purpose": purpose, "wording": told[field]}
        for field, (channel, purpose) in MEANINGS.items()
        if told.get(field)
    ]
    ids: dict[str, int] = batch.mapping.get("tag_ids", {})
    for_all = [ids[name] for name in batch.mapping.get("tags", []) if name in ids]
    return {
        "import": batch.uuid,
        "organisation": batch.organisation_id,
        "started": batch.started_at,
        "said_at": batch.created_at,
        "source": source_of(batch),
        "complete": bool(batch.mapping.get("complete")),
        "wordings": orjson.dumps(wordings).decode(),
        "tags": orjson.dumps([{"name": n, "tag": pk} for n, pk in ids.items()]).decode(),
        "for_all": for_all,
    }


def source_of(batch: SupporterImport) -> str:
    """What an import's agreements and activities are told to come from."""
    return f"supporter_import:{batch.pk}"
