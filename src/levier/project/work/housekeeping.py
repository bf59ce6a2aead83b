"""What has to be looked at every few seconds. What can wait is a periodic job."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings
from django.db import connections
from django.utils import timezone

from levier.foundation.messaging.actions.fold_tallies import fold_tallies
from levier.foundation.messaging.actions.release_dead_claims import release_dead_claims
from levier.foundation.messaging.actions.replay_journals import recognise_backup, replay_journals
from levier.project.work.keeping import rest

log = logging.getLogger("levier.worker")
EVERY = 3.0  # seconds


async def keep_house(wake: asyncio.Event, replayed: asyncio.Event, stop: asyncio.Event) -> None:
    """Give back the claims of workers that are no more, once their journals have told what they
    did; `replayed` says so for the first time."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="house") as thread:
        try:
            while not stop.is_set():
                tidy = partial(_tidy, first=not replayed.is_set())
                if given_back := await loop.run_in_executor(thread, tidy):
                    log.warning("%d claims of dead workers settled", given_back)
                    wake.set()
                replayed.set()
                await rest(stop, EVERY)
        finally:
            await loop.run_in_executor(thread, connections.close_all)


def _tidy(*, first: bool) -> int:
    folder = settings.JOURNAL_ROOT
    settled = replay_journals(folder=folder, now=timezone.now())
    if first:
        recognise_backup(folder=folder, now=timezone.now())
        fold_tallies()
    return settled + release_dead_claims(now=timezone.now())
