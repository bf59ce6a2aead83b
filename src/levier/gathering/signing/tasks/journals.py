"""The reader of activities that keeps the journals, a second behind the gestures."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from procrastinate.contrib.django import app

from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import ActivityCursor
from levier.gathering.signing.actions.carry import READER, carry
from levier.gathering.signing.actions.journal import AT_ONCE, journal
from levier.gathering.signing.actions.mend_journals import mend_journals
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.news import (
    NOTHING_SEEN,
    News,
    Snapshot,
    news_between,
    signatures_of,
    snapshot_now,
)

log = logging.getLogger(__name__)

PAGE = 2_000
MANY = re.compile(r"petition:(\d+)")  # with RECOUNTED: all of its signatures
LEADER = 0x6C65766965720002  # advisory lock: one reader at a time, whatever the number of workers


@dataclass
class JournalReader:
    """Reads on from where it was; safe to start again anywhere, and to run twice: what an activity
    says is only which signature to look at."""

    seen: str = NOTHING_SEEN
    saved: int = -1
    leads: bool = False

    def read(self) -> int:
        """One pass over what was committed before it. Returns how much was done: 0 when idle."""
        if not self._lead():
            return 0
        snapshot, cursor = snapshot_now(), self._cursor()
        position, count = (0, 0), 0
        while True:
            page = news_between(
                cursor=cursor,
                before=self.seen,
                now=snapshot,
                after=position,
                kinds=ActivityKind.values,
                limit=PAGE,
            )
            count += len(page)
            last = len(page) < PAGE
            self._count_in(page, snapshot if last else None)
            if last:
                break
            position = page[-1].position
        self.seen = snapshot.text
        return count + carry()

    def _count_in(self, page: list[News], snapshot: Snapshot | None) -> None:
        """A page and, once all is read, the cursor: both or neither. Nothing is written while
        nothing happens."""
        for petition_id in _petitions(page):
            _journal_all_of(petition_id)
        if not page:
            return
        with transaction.atomic():
            journal(signature_ids=signatures_of(page))
            if snapshot is not None and snapshot.oldest > self.saved:
                ActivityCursor.objects.filter(reader=READER).update(xid=snapshot.oldest)
        if snapshot is not None:
            self.saved = max(self.saved, snapshot.oldest)

    def _lead(self) -> bool:
        if not self.leads:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [LEADER])
                self.leads = bool((cursor.fetchone() or (False,))[0])
        return self.leads

    def _cursor(self) -> int:
        if self.saved < 0:
            row, _ = ActivityCursor.objects.get_or_create(reader=READER)
            self.saved = row.xid
        return self.saved


def _petitions(page: Iterable[News]) -> list[int]:
    told = (news.subject for news in page if news.kind == ActivityKind.RECOUNTED)
    return sorted({int(match[1]) for match in map(MANY.fullmatch, told) if match})


def _journal_all_of(petition_id: int) -> None:
    rows, last = Signature.objects.filter(petition=petition_id).order_by("pk"), 0
    while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        journal(signature_ids=ids)
        last = ids[-1]


@app.periodic(cron="10 4 * * *")
@app.task(name="signing.check_journals", queueing_lock="signing.check_journals")
def check_journals(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every night: what the journals say otherwise than the rows is an alarm, and is mended."""
    mended = mend_journals()
    if mended.signatures:
        log.error("%d signatures had changed in silence: journals mended", mended.signatures)
    for petition in mended.petitions:
        log.error("journals of petition %d did not add up: made again", petition)
