"""Keeps a part of the worker going through the failures of what it needs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger("levier.worker")

FIRST_PAUSE = 0.5  # seconds
LONGEST_PAUSE = 10.0
STEADY = 60.0  # seconds of work after which earlier failures are forgotten

Part = Callable[[asyncio.Event], Awaitable[None]]


async def kept(name: str, part: Part, stop: asyncio.Event) -> None:
    """Run a part until `stop`; when it fails, say so, wait a little longer each time, go on."""
    loop = asyncio.get_running_loop()
    pause = FIRST_PAUSE
    while not stop.is_set():
        started = loop.time()
        try:
            await part(stop)
        except Exception as error:
            if loop.time() - started > STEADY:
                pause = FIRST_PAUSE
            brief = isinstance(error, OSError) or "connection" in str(error).lower()
            log.warning(
                "%s stopped (%s: %s); again in %g s",
                name,
                type(error).__name__,
                str(error).partition("\n")[0],
                pause,
                exc_info=None if brief else error,
            )
            await rest(stop, pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def rest(stop: asyncio.Event, seconds: float) -> None:
    """Wait, or stop waiting when asked to stop."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
