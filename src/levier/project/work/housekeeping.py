"""What has to be looked at every few seconds. What can wait is a periodic job."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import connections
from django.utils import timezone

from levier.foundation.messaging.actions.release_dead_claims import release_dead_claims
from levier.project.work.keeping import rest

log = logging.getLogger("levier.worker")
EVERY = 3.0  # seconds


async def keep_house(wake: asyncio.Event, stop: asyncio.Event) -> None:
    """Give back the claims of workers that are no more."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="house") as thread:
        try:
            while not stop.is_set():
                release = partial(release_dead_claims, now=timezone.now())
                if given_back := await loop.run_in_executor(thread, release):
                    log.warning("%d claims of dead workers given back", given_back)
                    wake.set()
                await rest(stop, EVERY)
        finally:
            await loop.run_in_executor(thread, connections.close_all)
