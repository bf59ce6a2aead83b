"""The parts of the worker, and how they start and stop together."""

import asyncio
import logging
import signal
import uuid
from functools import partial

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from levier.foundation.messaging import tasks as messaging_tasks
from levier.foundation.messaging.actions.send import LaneSender
from levier.foundation.messaging.channels.route import route_from
from levier.foundation.messaging.enums import Lane
from levier.foundation.people import tasks as people_tasks
from levier.gathering.signing.tasks import periodic as signing_tasks
from levier.project.work.housekeeping import keep_house
from levier.project.work.keeping import Part, kept
from levier.project.work.presence import be_present
from levier.project.work.reading import read_gestures

log = logging.getLogger("levier.worker")

#: Importing them is what makes their jobs known.
JOBS = (messaging_tasks, people_tasks, signing_tasks)
CONNECTIONS = {Lane.TRANSACTIONAL: 4, Lane.ENGAGEMENT: 2, Lane.BULK: 4}
LAST_MAILS = 3.5  # seconds left to what is under way when stopping
LAST_WORDS = 1.0


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
    route = route_from(settings.EMAIL_URL)
    senders = {
        lane: LaneSender(lane=lane, worker=worker, route=route, connections=most)
        for lane, most in CONNECTIONS.items()
    }
    thanks = senders[Lane.TRANSACTIONAL].wake
    return {
        "presence": partial(be_present, worker),
        "jobs": run_jobs,
        "reader": partial(read_gestures, thanks),
        "housekeeping": partial(keep_house, thanks),
        **{f"lane {lane}": sender.run for lane, sender in senders.items()},
    }


async def run_jobs(stop: asyncio.Event) -> None:
    """Procrastinate's worker, with connections of its own."""
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
    with app.replace_connector(connector) as jobs:
        async with jobs.open_async():
            running = asyncio.create_task(
                jobs.run_worker_async(
                    concurrency=4,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=2,
                    fetch_job_polling_interval=2,
                )
            )
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not running.done():
                running.cancel()
                await asyncio.wait({running})
            elif (error := running.exception()) is not None:
                raise error
