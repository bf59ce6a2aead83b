"""What lets updates leave and closes them, by the clock and by name. Each is safe to run twice."""

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.gathering.updates.actions.begin_sending import QUEUE
from levier.gathering.updates.actions.count_areas import count_areas
from levier.gathering.updates.actions.finish import finish
from levier.gathering.updates.actions.hold_removed import hold_removed
from levier.gathering.updates.actions.publish import RELEASE
from levier.gathering.updates.actions.queue_audience import queue_audience
from levier.gathering.updates.actions.release import release
from levier.gathering.updates.actions.remind_authors import AT_ONCE, remind_authors
from levier.gathering.updates.queries.desk import due_updates, leaving_updates


@app.task(name=RELEASE)
def release_one(*, update: int) -> None:
    """At its hour."""
    release(update=update, now=timezone.now())


@app.task(name=QUEUE)
def write_deliveries(*, update: int) -> None:
    """Once it appeared: one statement, whatever the number of readers."""
    queue_audience(update=update, now=timezone.now())
    count_areas(update=update)


@app.periodic(cron="* * * * *")
@app.task(name="updates.carry_on", queueing_lock="updates.carry_on")
def carry_on(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every minute: what a stopped worker missed, and what is over."""
    now = timezone.now()
    hold_removed(now=now)
    for update in due_updates(now=now):
        release(update=update.pk, now=now)
    for update in leaving_updates():
        if queue_audience(update=update.pk, now=now):
            count_areas(update=update.pk)
        finish(update=update.pk, now=now)


@app.periodic(cron="*/10 * * * *")
@app.task(name="updates.remind_authors", queueing_lock="updates.remind_authors")
def remind(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every ten minutes: drafts whose author asked for a word."""
    while remind_authors(now=timezone.now()) == AT_ONCE:
        continue
