"""Reads the gestures of signatories, and wakes the sender of thanks."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import connections
from django.utils import timezone

from levier.gathering.signing.tasks.read_activities import Reader
from levier.project.work.keeping import rest

QUICK = 0.25  # seconds between two looks while people sign
IDLE = 0.75  # and while nobody does
SLOWER = 1.2


async def read_gestures(wake: asyncio.Event, stop: asyncio.Event) -> None:
    """Until `stop`, or the database fails: then all of it starts again with a new reader."""
    reader, pause = Reader(), QUICK
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="reader") as thread:
        try:
            while not stop.is_set():
                read = partial(reader.read, now=timezone.now())
                if await loop.run_in_executor(thread, read):
                    wake.set()
                    pause = QUICK
                else:
                    pause = min(pause * SLOWER, IDLE)
                await rest(stop, pause)
        finally:
            await loop.run_in_executor(thread, connections.close_all)
