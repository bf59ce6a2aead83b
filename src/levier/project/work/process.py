"""The parts of the worker, and how they start and stop together."""

import asyncio
import logging
import signal
import uuid
from functools import partial

from django.conf import settings

from levier.foundation.messaging.actions.send import LaneSender
from levier.foundation.messaging.channels.journal import Journal
from levier.foundation.messaging.channels.route import route_from
from levier.foundation.messaging.enums import Lane
from levier.project.work.housekeeping import keep_house
from levier.project.work.indexing import index_gestures
from levier.project.work.jobs import run_jobs
from levier.project.work.journaling import keep_journals
from levier.project.work.keeping import Part, kept
from levier.project.work.presence import be_present
from levier.project.work.reading import read_gestures

log = logging.getLogger("levier.worker")

LAST_MAILS = 3.5  # seconds left to what is under way when stopping
LAST_WORDS = 1.0
STEP = 0.5


async def work() -> None:
    """Do everything until SIGTERM or SIGINT, then stop within five seconds."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tasks = [
        asyncio.create_task(kept(name, part, stop), name=name) for name, part in parts().items()
    ]
    log.info("worker started")
    await stop.wait()
    _, late = await asyncio.wait(tasks, timeout=LAST_MAILS)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=LAST_WORDS)
    log.info("worker stopped")


def parts() -> dict[str, Part]:
    """What runs side by side, by name."""
    worker = uuid.uuid4()
    journal = Journal(settings.JOURNAL_ROOT, worker)
    senders = {
        lane: LaneSender(
            lane=lane,
            worker=worker,
            route=route_from(settings.EMAIL_URL),
            connections=settings.SMTP_CONNECTIONS,
            per_minute=settings.SMTP_PER_MINUTE,
            journal=journal,
        )
        for lane in Lane
    }
    thanks = senders[Lane.TRANSACTIONAL].wake
    replayed = asyncio.Event()
    return {
        "presence": partial(be_present, worker),
        "jobs": run_jobs,
        "reader": partial(read_gestures, thanks),
        "indexer": index_gestures,
        "journals": keep_journals,
        "housekeeping": partial(keep_house, thanks, replayed),
        **{f"lane {lane}": partial(_after, replayed, one.run) for lane, one in senders.items()},
    }


async def _after(event: asyncio.Event, part: Part, stop: asyncio.Event) -> None:
    """A sender starts once what earlier ones left is known."""
    while not (event.is_set() or stop.is_set()):
        try:
            await asyncio.wait_for(event.wait(), STEP)
        except TimeoutError:
            continue
    if event.is_set():
        await part(stop)
