"""What an update brought, from counters: as quick for a million readers as for a thousand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.db.models.functions import TruncHour
from django.utils import timezone

from levier.foundation.common.areas.names import area_name
from levier.foundation.messaging.queries.progress import Progress
from levier.gathering.signing.models.journals import JournalLine
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.enums import AskKind
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.progress import progress_of

FEWEST = 10  # fewer people in one area are nobody's business (U57)


@dataclass(frozen=True, kw_only=True)
class AreaReaders:
    """How many of an area it was written to."""

    code: str
    name: str
    readers: int


@dataclass(frozen=True, kw_only=True)
class Hour:
    """How many answered within an hour that begins at `at`."""

    at: datetime
    answers: int


@dataclass(frozen=True, kw_only=True)
class Results:
    """Everything that is told of it (U57). No open rate (U58)."""

    progress: Progress
    unsubscribed: int  # by its own link
    started: int  # two figures, never added (U44)
    done: int
    brought: int | None  # signatures by links of those who shared; None when nobody was asked to
    areas: Sequence[AreaReaders]
    few: int  # readers of the areas left out because they are so few
    hours: Sequence[Hour]

    @property
    def sent(self) -> int:
        """Left for a mailbox."""
        return self.progress.gone

    @property
    def delivered(self) -> int:
        """Taken by the mailbox's server, and not given back since."""
        return self.progress.handed + self.progress.delivered + self.progress.complained

    @property
    def in_error(self) -> int:
        """Given back, or refused for good."""
        return self.progress.bounced + self.progress.failed

    @property
    def is_empty(self) -> bool:
        """Whether it is too early to say anything."""
        return not (self.sent or self.in_error or self.started)


def results_of(update: Update) -> Results:
    """What is known now. Wants the message of the update."""
    ask = Ask.objects.get(pk=update.pk)
    told = sorted(update.readers_by_area.items(), key=lambda area: (-area[1], area[0]))
    shown = [(code, n) for code, n in told if n >= FEWEST]
    return Results(
        progress=progress_of(update),
        unsubscribed=update.message.unsubscribed if update.message else 0,
        started=ask.started,
        done=ask.done,
        brought=_brought(update) if ask.kind == AskKind.SHARE else None,
        areas=[AreaReaders(code=code, name=area_name(code), readers=n) for code, n in shown],
        few=sum(n for _, n in told) - sum(n for _, n in shown),
        hours=answers_by_hour(update),
    )


def answers_by_hour(update: Update) -> list[Hour]:
    """Answers by the hour they were first given in, the first hour first; empty hours left out."""
    rows = (
        Response.objects.filter(ask=update.pk)
        .annotate(hour=TruncHour("at"))
        .values_list("hour")
        .annotate(n=Count("pk"))
        .order_by("hour")
    )
    return [Hour(at=at, answers=n) for at, n in rows]


def _brought(update: Update) -> int:
    """Signatures that count, since its day, by the links of those who say they shared it."""
    if update.published_at is None:
        return 0
    shared = Response.objects.filter(ask=update.pk).values("person")
    links = Signature.objects.filter(petition=update.petition_id, person__in=shared)
    return JournalLine.objects.filter(
        brought_by__in=links.values("pk"),
        petition=update.petition_id,
        counted=True,
        day__gte=timezone.localdate(update.published_at),
    ).count()
