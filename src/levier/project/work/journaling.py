"""Keeps the journals of signatures, behind the gestures."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from levier.gathering.signing.tasks.journals import JournalReader
from levier.project.work.keeping import rest

IDLE = 1.0  # seconds between two looks
SHARE = 3  # rests this many times as long as it worked: those who sign come first


async def keep_journals(stop: asyncio.Event) -> None:
    """Until `stop`, or the database fails: then all of it starts again with a new reader."""
    reader, loop = JournalReader(), asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="journals") as thread:
        try:
            while not stop.is_set():
                started = loop.time()
                await loop.run_in_executor(thread, reader.read)
                await rest(stop, max(IDLE, SHARE * (loop.time() - started)))
        finally:
            await loop.run_in_executor(thread, connections.close_all)
