"""The mark that says this worker lives: an advisory lock, gone with its session."""

import asyncio
import uuid

import psycopg
from procrastinate.contrib.django.utils import connector_params

from levier.project.work.keeping import rest

BEAT = 2.0  # seconds


async def be_present(worker: uuid.UUID, stop: asyncio.Event) -> None:
    """Hold the lock of `release_dead_claims.PRESENCE_KEY`; fails when the session is lost."""
    connection = await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True)
    async with connection:
        key = int.from_bytes(worker.bytes[:8], signed=True)
        await connection.execute("SELECT pg_advisory_lock(%s)", [key])
        while not stop.is_set():
            await connection.execute("SELECT 1")
            await rest(stop, BEAT)
