"""The rows that were refused, as they were sent, each with its reason (P57, P58)."""

from collections.abc import Iterator
from itertools import chain

from django.db import connection, transaction
from django.utils.translation import gettext as _

from levier.foundation.people.actions.import_cleaning import REASONS
from levier.foundation.people.actions.import_staging import batch_rows
from levier.foundation.people.models.imports import FileImport

SHOWN = 10
_REFUSED = """
SELECT row, reason FROM levier_importrow WHERE import = %s AND reason <> '' ORDER BY row LIMIT %s
"""
_BY_REASON = """
SELECT reason, count(*) FROM levier_importrow WHERE import = %s AND reason <> ''
GROUP BY reason ORDER BY count(*) DESC, reason
"""
NO_LIMIT = None


def refused_header(batch: FileImport) -> list[str]:
    """The file's own titles, after the row's number and the reason."""
    return [_("ligne"), _("motif"), *(column["title"] for column in batch.reading["columns"])]


def refused_rows(batch: FileImport, *, limit: int | None = NO_LIMIT) -> Iterator[list[str]]:
    """Rows of the file that were refused: the file and the list of refusals are read side by
    side, so that memory does not grow with either."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_REFUSED, [batch.uuid, limit])
        refused = chain.from_iterable(iter(lambda: cursor.fetchmany(1_000), []))
        sought = next(refused, None)
        for row, record in batch_rows(batch) if sought else ():
            if sought is None:
                return
            if row == sought[0]:
                yield [str(row), str(REASONS.get(sought[1], sought[1])), *record]
                sought = next(refused, None)


def reasons_told(batch: FileImport) -> list[tuple[str, int]]:
    """How many rows were refused for each reason, the most frequent first."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_REASON, [batch.uuid])
        return [(str(REASONS.get(reason, reason)), n) for reason, n in cursor.fetchall()]
