"""What journals on this machine's disk know and the database does not (docs/decisions/75)."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import QuerySet

from levier.foundation.messaging.actions.acknowledge import Outcome, acknowledge
from levier.foundation.messaging.channels.journal import ENDED, Entry, Replay, orphans, read
from levier.foundation.messaging.enums import AT_LEAST_ONCE, WAITING, DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.route import HandedBefore
from levier.foundation.messaging.rules.replies import Verdict

T = TypeVar("T")
log = logging.getLogger(__name__)

AT_ONCE = 5_000
SAMPLE = 500  # of the latest mails, to know an older database by
OPEN = {*WAITING, DeliveryState.UNKNOWN}
KEPT = timedelta(days=30)  # journals, and what they told a restored database
LEFT = "remis avant la restauration de la sauvegarde"

_HAND = """
UPDATE levier_delivery AS d SET state = 'handed', finished_at = %s, last_reply = %s
FROM unnest(%s::bigint[], %s::bytea[]) AS told (id, mark), levier_contactpoint AS point,
    levier_organisation AS organisation
WHERE d.id = told.id AND d.state = ANY (%s) AND point.id = d.contact_point_id
    AND organisation.id = point.organisation_id
    AND told.mark = substr(sha256(convert_to(organisation.uuid || chr(31) || d.source || chr(31)
        || d.ordinal || chr(31) || point.typed, 'UTF8')), 1, 8)
"""


def replay_journals(*, folder: Path, now: datetime) -> int:
    """Write down what dead workers of this machine did. Returns how many deliveries it settled.

    A final reply is written as it was; what had begun without a reply is unknown, or sent again
    with the same Message-ID in the transactional lane; what had not begun goes back to the queue.
    """
    return sum(_replay(told, now) for told in orphans(folder))


def _replay(told: Replay, now: datetime) -> int:
    settled = 0
    with transaction.atomic():
        ids = [*told.replies, *told.begun]
        for some in _chunks(iter(ids)):
            settled += _settle(told, Delivery.objects.filter(pk__in=some), now)
        left = Delivery.objects.filter(claimed_by=told.worker, state=DeliveryState.CLAIMED)
        settled += _settle(told, left, now)
    if settled:
        log.warning("journal of worker %s: %d deliveries settled", told.worker, settled)
    return settled


def _settle(told: Replay, rows: QuerySet[Delivery], now: datetime) -> int:
    """Through the same door as a living worker."""
    theirs = rows.filter(claimed_by=told.worker, state__in=OPEN)
    theirs = theirs.select_related("message", "contact_point")
    outcomes = [_outcome(told, row) for row in theirs]
    return acknowledge(worker=told.worker, outcomes=outcomes, now=now)


def _outcome(told: Replay, row: Delivery) -> Outcome:
    entry = told.replies.get(row.pk)
    if entry is not None:
        return Outcome(delivery=row, verdict=Verdict[entry.verdict], reply=entry.reply)
    doubtful = row.pk in told.begun or not told.same_boot
    return Outcome(
        delivery=row, verdict=Verdict.LOST if doubtful else Verdict.UNSENT, reply="worker killed"
    )


def recognise_backup(*, folder: Path, now: datetime) -> int:
    """When the database is an older one than the journals know, close what has already left.

    A delivery that it calls waiting is closed as handed; news that it will queue again for the
    same addresses are closed at their claim (`HandedBefore`). Returns how many mails are known to
    have left; 0 when the database is the one the journals were written beside.
    """
    paths = _recent(folder, now)
    if not _is_older(paths):
        return 0
    known = 0
    for some in _chunks(entry for path in paths for entry in _handed(path)):
        known += len(some)
        _close(some, now)
    HandedBefore.objects.filter(at__lt=now - KEPT).delete()
    log.warning("the database is older than the journals: %d mails are known to have left", known)
    return known


@transaction.atomic
def _close(entries: list[Entry], now: datetime) -> None:
    columns: list[Any] = [[one.delivery for one in entries], [one.mark for one in entries]]
    with connection.cursor() as cursor:
        cursor.execute(_HAND, [now, LEFT, *columns, sorted(WAITING)])
    news = {one.mark for one in entries if one.lane not in AT_LEAST_ONCE}
    HandedBefore.objects.bulk_create(
        [HandedBefore(mark=mark, at=now) for mark in sorted(news)], ignore_conflicts=True
    )


def _is_older(paths: list[Path]) -> bool:
    """Whether one of the last mails that left is not there, or still waits."""
    last: list[Entry] = []
    for path in reversed(paths):
        last += _handed(path)[-SAMPLE:]
        if len(last) >= SAMPLE:
            break
    ids = [one.delivery for one in last]
    gone = Delivery.objects.filter(pk__in=ids).exclude(state__in=WAITING)
    return gone.count() < len(ids)


def _recent(folder: Path, now: datetime) -> list[Path]:
    """Journals put aside, the oldest first; those that are too old are deleted."""
    found = []
    for path in folder.glob(f"*{ENDED}"):
        if path.stat().st_mtime < (now - KEPT).timestamp():
            path.unlink(missing_ok=True)
        else:
            found.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(found)]


def _handed(path: Path) -> list[Entry]:
    return [one for one in read(path).replies.values() if one.verdict == Verdict.HANDED.name]


def _chunks(items: Iterator[T]) -> Iterator[list[T]]:
    while some := list(islice(items, AT_ONCE)):
        yield some
