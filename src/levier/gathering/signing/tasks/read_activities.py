"""The reader of activities that answers gestures by mail, within two seconds of their commit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import ActivityCursor
from levier.gathering.signing import mails
from levier.gathering.signing.actions.hold_bounced import hold_bounced
from levier.gathering.signing.enums import (
    STANDING,
    TOLD_WHILE_HELD,
    HoldReason,
    SignatureSource,
    SignatureState,
)
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.news import (
    NOTHING_SEEN,
    News,
    Snapshot,
    news_between,
    snapshot_now,
)

READER = "signing.mails"
KINDS = (
    ActivityKind.SIGNED,
    ActivityKind.SIGNED_AGAIN,
    ActivityKind.HELD,
    ActivityKind.READDRESSED,
    ActivityKind.BOUNCED,
)
PAGE = 500
ALREADY_APART = timedelta(hours=24)
SUBJECT = re.compile(r"signature:(\d+)(?::\w+)?")
DELIVERY = re.compile(r"delivery:(\d+)")
LEADER = 0x6C65766965720001  # advisory lock: one reader at a time, whatever the number of workers


@dataclass
class Reader:
    """Reads on from where it was; safe to start again anywhere, and to run twice."""

    seen: str = NOTHING_SEEN
    saved: int = -1
    leads: bool = False

    def read(self, *, now: datetime) -> int:
        """One pass: answer every gesture committed before it. Returns how many were read."""
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
                kinds=KINDS,
                limit=PAGE,
            )
            answer(page, now=now)
            count += len(page)
            if len(page) < PAGE:
                break
            position = page[-1].position
        self._remember(snapshot, read=count)
        return count

    def forget(self) -> None:
        """After a lost database: nothing in memory is sure any more."""
        self.seen, self.saved, self.leads = NOTHING_SEEN, -1, False

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

    def _remember(self, snapshot: Snapshot, *, read: int) -> None:
        """Nothing is written while nothing happens: an idle reader takes no transaction number."""
        self.seen = snapshot.text
        if read and snapshot.oldest > self.saved:
            ActivityCursor.objects.filter(reader=READER).update(xid=snapshot.oldest)
            self.saved = snapshot.oldest


@transaction.atomic
def answer(page: Iterable[News], *, now: datetime) -> None:
    """Queue what these gestures call for. Old ones call for nothing more."""
    fresh = [news for news in page if news.at > now - mails.GOOD_FOR]
    signed = [n for n in fresh if n.kind in {ActivityKind.SIGNED, ActivityKind.HELD}]
    moved = [n for n in fresh if n.kind == ActivityKind.READDRESSED]
    again = [n for n in fresh if n.kind == ActivityKind.SIGNED_AGAIN]
    bounced = [n for n in fresh if n.kind == ActivityKind.BOUNCED]
    if bounced:  # first: tallies are locked before anything of a mailbox
        hold_bounced(signature_ids=_signatures_of_mails(bounced), now=now)
    if signed:
        mails.thanks(signatures=_to_thank(signed), now=now)
    if moved:
        mails.thanks_elsewhere(signatures=_to_thank(moved), now=now)
    if again:
        mails.already(signatures=_to_tell_again(again), now=now)


def _ids(news: Iterable[News]) -> list[int]:
    found = (SUBJECT.fullmatch(item.subject) for item in news)
    return sorted({int(match[1]) for match in found if match})


def _to_thank(news: Iterable[News]) -> list[Signature]:
    """Counted or waiting for their owner's word; a filled honeypot gets no mail (P69), nor does
    what was withdrawn meanwhile."""
    rows = Signature.objects.filter(pk__in=_ids(news)).exclude(source=SignatureSource.IMPORT)
    return [
        row
        for row in rows
        if row.state in {SignatureState.COUNTED, SignatureState.PENDING}
        or (row.state == SignatureState.HELD and row.reason in TOLD_WHILE_HELD)
    ]


def _to_tell_again(news: Iterable[News]) -> dict[Signature, int]:
    """Those told nothing in the last 24 hours (P18), each with the ordinal of the mail."""
    asked: dict[int, datetime] = {}
    for item in news:
        for pk in _ids([item]):
            asked[pk] = max(item.at, asked.get(pk, item.at))
    told = {
        source: (last, nth)
        for source, last, nth in Delivery.objects.filter(
            source__in=[f"signature:{pk}:already" for pk in asked]
        )
        .values_list("source")
        .annotate(last=Max("created_at"), nth=Max("ordinal"))
    }
    chosen = {}
    for row in Signature.objects.filter(pk__in=asked, state__in=STANDING):
        last, nth = told.get(f"signature:{row.pk}:already", (None, -1))
        if row.reason != HoldReason.HONEYPOT and (
            last is None or asked[row.pk] >= last + ALREADY_APART
        ):
            chosen[row] = nth + 1
    return chosen


def _signatures_of_mails(news: Iterable[News]) -> list[int]:
    """The signatures whose mail came back from the address they still have (P24, P31)."""
    subjects = (DELIVERY.fullmatch(item.subject) for item in news)
    mails = Delivery.objects.filter(pk__in=[int(match[1]) for match in subjects if match])
    sources = mails.values_list("source", "contact_point")
    found = [(SUBJECT.fullmatch(source), point) for source, point in sources]
    sent_to = {(int(match[1]), point) for match, point in found if match}
    rows = Signature.objects.filter(pk__in=[pk for pk, _ in sent_to])
    return sorted({pk for pk, _ in sent_to & set(rows.values_list("pk", "contact_point"))})
