"""Petitions of the signing path, remembered for a second: the transaction checks them again."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass

from levier.gathering.signing.errors import IntakeAway
from levier.gathering.signing.intake.place import Place
from levier.gathering.signing.intake.queue import Intake

FRESH = 1.0  # seconds; a closing is seen after them, and by the transaction at once
USABLE = 5.0  # seconds during which the old one serves while a new one is read
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Known:
    """What an address leads to, or nothing, and when it was read."""

    place: Place | None
    at: float


class Places:
    """Finds petitions by slug, reading each at most once a second, one reader at a time."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._reading: dict[str, asyncio.Task[Known]] = {}

    async def at(self, slug: str) -> Place | None:
        """The petition at an address, old or current; None for none. Raises IntakeAway."""
        known = self._known.get(slug)
        if known is not None and (age := time.monotonic() - known.at) < USABLE:
            if age > FRESH:
                self._read(slug)
            return known.place
        return (await asyncio.shield(self._read(slug))).place

    async def again(self, slug: str) -> Place | None:
        """The same, read now. Raises IntakeAway."""
        self._known.pop(slug, None)
        return await self.at(slug)

    def _read(self, slug: str) -> asyncio.Task[Known]:
        task = self._reading.get(slug)
        if task is None:
            task = self._reading[slug] = asyncio.create_task(self._find(slug))
            task.add_done_callback(lambda done: self._keep(slug, done))
        return task

    async def _find(self, slug: str) -> Known:
        return Known(await self._intake.place_at(slug), time.monotonic())

    def _keep(self, slug: str, done: asyncio.Task[Known]) -> None:
        del self._reading[slug]
        if done.cancelled() or isinstance(done.exception(), IntakeAway):
            return
        self._known[slug] = done.result()
        self._known.move_to_end(slug)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
