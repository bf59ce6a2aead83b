"""The intake's own connections: nothing else on the site can make a signature wait for one."""

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from django.db import connections
from psycopg_pool import AsyncConnectionPool

from levier.gathering.signing.intake.statements import preparations

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Pool = AsyncConnectionPool[Connection]

WAIT = 2.0  # seconds a batch waits for a connection before its rows are told to come back
RECONNECT = 2.0  # seconds of attempts after which the next batch starts them again
# Rows of a batch are found one by one through indexes, whatever the size of the tables when the
# plan was made; a plan is made once per connection. A statement that cannot end is cut short.
SETTINGS = """
SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off;
SET jit = off; SET statement_timeout = '8s'; SET lock_timeout = '5s';
SET idle_in_transaction_session_timeout = '10s'; SET application_name = 'levier intake'
"""


def make_pool(size: int) -> Pool:
    """A closed pool on Django's default database: `await pool.open()`. Connects when it can."""
    return AsyncConnectionPool(
        kwargs={**_parameters(), "autocommit": True},
        connection_class=psycopg.AsyncConnection[tuple[Any, ...]],
        min_size=size,
        max_size=size,
        open=False,
        timeout=WAIT,
        reconnect_timeout=RECONNECT,
        configure=_configure,
        name="levier-intake",
    )


def _parameters() -> dict[str, Any]:
    """libpq's parameters, as Django would connect; what only Django understands is left out."""
    given: dict[str, Any] = connections["default"].get_connection_params()
    for name in ("pool", "cursor_factory", "context", "prepare_threshold", "server_side_binding"):
        given.pop(name, None)
    return given


async def _configure(connection: Connection) -> None:
    await connection.execute(SETTINGS)
    for preparation in preparations():
        await connection.execute(preparation.encode())


@asynccontextmanager
async def connected(pool: Pool) -> AsyncIterator[Connection]:
    """A connection that the server has not closed. Raises PoolTimeout when there is none in time.

    After a restart every idle connection is dead at once: each is replaced without waiting.
    """
    connection = await pool.getconn()
    for _ in range(pool.max_size):
        if not _is_cut(connection):
            break
        await connection.close()
        await pool.putconn(connection)
        connection = await pool.getconn()
    try:
        yield connection
    finally:
        await pool.putconn(connection)


def _is_cut(connection: Connection) -> bool:
    """A connection that has something to say before being asked is one the server closed. No
    round trip: looking at the socket is enough."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN | select.POLLHUP)
    return bool(poll.poll(0))
