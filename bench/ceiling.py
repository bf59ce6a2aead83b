"""The bare ceiling: one ASGI callable, one table, one group commit, no rule at all.

It reads the same form and answers with a number after the commit. No validation, no duplicate, no
consent, no log, no tally: whatever Levier does more is what the ratio shows. Same server, same
driver, same connections, same gathering.
"""

import asyncio
import os
from collections import deque
from typing import Any
from urllib.parse import parse_qsl

import orjson
import psycopg
from psycopg_pool import AsyncConnectionPool

IN_FLIGHT, MOST_ROWS, GATHER = 2, 256, 0.002
NAMES = ("first_name", "last_name", "email", "postal_code", "country")
TABLE = """
CREATE TABLE IF NOT EXISTS bench_ceiling (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_name text, last_name text, email text, postal_code text, country text,
    at timestamptz NOT NULL DEFAULT now()
)
"""
INSERT = """
INSERT INTO bench_ceiling (first_name, last_name, email, postal_code, country)
SELECT first_name, last_name, email, postal_code, country
FROM json_to_recordset(%s::json) AS r (
    first_name text, last_name text, email text, postal_code text, country text
)
RETURNING id
"""
HEADERS = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]

queue: deque[tuple[dict[str, str], asyncio.Future[int]]] = deque()
come = asyncio.Event()
writing = 0
pool: AsyncConnectionPool[psycopg.AsyncConnection[tuple[int]]]
tasks: list[asyncio.Task[None]] = []


async def start() -> None:
    """Open the connections and make the table."""
    global pool
    pool = AsyncConnectionPool(
        os.environ["BENCH_DATABASE_URL"], kwargs={"autocommit": True}, open=False,
        min_size=IN_FLIGHT + 1, max_size=IN_FLIGHT + 1,
    )  # fmt: skip
    await pool.open(wait=True)
    async with pool.connection() as connection:
        await connection.execute(TABLE)
    tasks.extend(asyncio.create_task(serve()) for _ in range(IN_FLIGHT))


async def serve() -> None:
    """Take what waits, write it in one statement, answer."""
    global writing
    while True:
        while not queue:
            come.clear()
            await come.wait()
        await asyncio.sleep(GATHER if not writing else GATHER / 2)
        batch = [queue.popleft() for _ in range(min(len(queue), MOST_ROWS))]
        if not batch:
            continue
        writing += 1
        async with pool.connection() as connection:
            rows = orjson.dumps([row for row, _future in batch]).decode()
            found = await connection.execute(INSERT, (rows,), prepare=True)
            ids = await found.fetchall()
        writing -= 1
        for (_row, future), (pk,) in zip(batch, ids, strict=True):
            future.set_result(pk)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Lifespan, and one POST."""
    if scope["type"] == "lifespan":
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                await start()
            await send({"type": f"{event['type']}.complete"})
            if event["type"] == "lifespan.shutdown":
                return
    body = (await receive())["body"]
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    queue.append((dict(parse_qsl(body.decode())), future))
    come.set()
    answer = orjson.dumps({"number": await future})
    await send({"type": "http.response.start", "status": 201, "headers": HEADERS})
    await send({"type": "http.response.body", "body": answer})
