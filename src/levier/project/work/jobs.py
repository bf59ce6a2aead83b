"""Procrastinate's worker, with connections of its own, and what a killed one left."""

import asyncio
import logging
from typing import Any

from django.utils import timezone
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import DeleteJobCondition
from procrastinate.psycopg_connector import PsycopgConnector

from levier.foundation.messaging.tasks import account_mail as account_mail_tasks
from levier.foundation.messaging.tasks import preflight as preflight_tasks
from levier.foundation.messaging.tasks import returns as return_tasks
from levier.foundation.messaging.tasks import topics as topic_tasks
from levier.foundation.people.tasks import imports as people_import_tasks
from levier.foundation.people.tasks import months as people_tasks
from levier.foundation.people.tasks import resemblances as resemblance_tasks
from levier.gathering.petitions.tasks import drafts as draft_tasks
from levier.gathering.petitions.tasks import team_news as team_news_tasks
from levier.gathering.signing.tasks import bulk as bulk_tasks
from levier.gathering.signing.tasks import correction as correction_tasks
from levier.gathering.signing.tasks import imports as import_tasks
from levier.gathering.signing.tasks import journals as journal_tasks
from levier.gathering.signing.tasks import my_link as my_link_tasks
from levier.gathering.signing.tasks import periodic as signing_tasks
from levier.gathering.signing.tasks import supporters as supporter_tasks
from levier.gathering.updates.tasks import articles as article_tasks
from levier.gathering.updates.tasks import responders as responder_tasks
from levier.gathering.updates.tasks import sending as sending_tasks
from levier.project.work.keeping import rest

log = logging.getLogger("levier.worker")

#: Importing them is what makes their jobs known.
JOBS = (
    account_mail_tasks,
    preflight_tasks,
    return_tasks,
    topic_tasks,
    people_tasks,
    people_import_tasks,
    draft_tasks,
    team_news_tasks,
    correction_tasks,
    my_link_tasks,
    signing_tasks,
    bulk_tasks,
    import_tasks,
    journal_tasks,
    resemblance_tasks,
    supporter_tasks,
    responder_tasks,
    article_tasks,
    sending_tasks,
)
RESCUE = 10.0  # seconds


async def run_jobs(stop: asyncio.Event) -> None:
    """Work on jobs until `stop`. A job that is over is deleted: its arguments may hold an address
    or a sign-in code, and what went wrong is in the log."""
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
    with app.replace_connector(connector) as jobs:
        async with jobs.open_async():
            working = asyncio.create_task(
                jobs.run_worker_async(
                    concurrency=4,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=2,
                    fetch_job_polling_interval=2,
                    delete_jobs=DeleteJobCondition.ALWAYS,
                )
            )
            rescuing = asyncio.create_task(_rescue(jobs, stop))
            await _until_one_ends({working, rescuing})


async def _until_one_ends(tasks: set[asyncio.Task[Any]]) -> None:
    """Then end the others too; raises what the first one raised."""
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in done:
        task.result()


async def _rescue(jobs: App, stop: asyncio.Event) -> None:
    """Until `stop`: give back the jobs of workers that gave no sign of life for 30 seconds."""
    while not stop.is_set():
        for job in await jobs.job_manager.get_stalled_jobs():
            log.warning("job %s of a dead worker starts again", job.id)
            await jobs.job_manager.retry_job(job, retry_at=timezone.now())
        await rest(stop, RESCUE)
