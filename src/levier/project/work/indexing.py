"""Keeps what the team searches, behind what people do."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from levier.foundation.people.tasks.index_people import Indexer
from levier.gathering.signing.queries.marks import SIGNATURE_MARKS
from levier.project.work.keeping import rest

IDLE = 0.75  # seconds between two looks while nothing happens
SHARE = 3  # rests this many times as long as it worked: those who sign come first


async def index_gestures(stop: asyncio.Event) -> None:
    """Until `stop`, or the database fails: then all of it starts again with a new indexer."""
    indexer, loop = Indexer(sources=[SIGNATURE_MARKS]), asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="indexer") as thread:
        try:
            while not stop.is_set():
                started = loop.time()
                done = await loop.run_in_executor(thread, indexer.read)
                spent = loop.time() - started
                await rest(stop, SHARE * spent if done else IDLE)
        finally:
            await loop.run_in_executor(thread, connections.close_all)
