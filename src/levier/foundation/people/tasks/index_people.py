"""The reader of activities that keeps the search entries, a second or so behind the gestures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from levier.foundation.people.actions.indexing import everyone, index_people
from levier.foundation.people.models.activity import ActivityCursor
from levier.foundation.people.queries.feed import (
    NOTHING_SEEN,
    Snapshot,
    people_between,
    snapshot_now,
)
from levier.foundation.people.queries.marks import MarkSource

READER = "people.search"
PAGE = 1_000
LEADER = 0x6C65766965720010  # advisory lock: one indexer at a time, whatever the number of workers


@dataclass
class Indexer:
    """Reads on from where it was; safe to start again anywhere, and to run twice.

    A pass reads one page at most, so that whoever runs it decides how much of the machine it
    takes while people sign.
    """

    sources: Sequence[MarkSource]
    seen: str = NOTHING_SEEN
    saved: int = -1
    leads: bool = False
    reading: Snapshot | None = None
    position: tuple[int, int] = field(default=(0, 0))

    def read(self) -> int:
        """Index whom the next page of activities tells of. Returns how many; 0 when all is read."""
        if not self._lead():
            return 0
        if self.reading is None:
            self.reading, self.position = snapshot_now(), (0, 0)
        ids, further = people_between(
            cursor=self._cursor(),
            before=self.seen,
            now=self.reading,
            after=self.position,
            limit=PAGE,
        )
        if ids:
            index_people(person_ids=ids, sources=self.sources)
        if further is None:
            self._remember(self.reading, read=bool(ids) or self.position != (0, 0))
            self.reading = None
        else:
            self.position = further
        return len(ids)

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

    def _remember(self, snapshot: Snapshot, *, read: bool) -> None:
        """Nothing is written while nothing happens."""
        self.seen = snapshot.text
        if read and snapshot.oldest > self.saved:
            ActivityCursor.objects.filter(reader=READER).update(xid=snapshot.oldest)
            self.saved = snapshot.oldest


def index_everyone(sources: Sequence[MarkSource]) -> int:
    """Write every entry again, page after page, each in its own transaction. Returns how many
    people were looked at. Safe beside the reader, and to run twice."""
    after, done = 0, 0
    while page := everyone(after=after):
        index_people(person_ids=page, sources=sources, alone=True)
        after, done = page[-1], done + len(page)
    return done
