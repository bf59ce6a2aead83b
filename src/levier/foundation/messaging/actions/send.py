"""The sender of one lane: claims, hands over, writes down, and waits when the route is down.

What was claimed is shared by the lane's connections. Everything it does to the database goes
through one thread with its own connection, so that a lane never waits for another one's.
"""

import asyncio
import logging
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone
from psycopg_pool import PoolTimeout

from levier.foundation.messaging.actions.acknowledge import Outcome, acknowledge
from levier.foundation.messaging.actions.claim import claim
from levier.foundation.messaging.actions.hand_over import Courier
from levier.foundation.messaging.actions.stop_route import stop_route
from levier.foundation.messaging.channels.brake import Brake
from levier.foundation.messaging.channels.journal import Journal
from levier.foundation.messaging.channels.route import Route
from levier.foundation.messaging.channels.smtp import RouteDown, SmtpConnection
from levier.foundation.messaging.queries.due import Due
from levier.foundation.messaging.rules.pace import FIRST_PAUSE
from levier.foundation.messaging.rules.replies import Verdict

T = TypeVar("T")
log = logging.getLogger(__name__)

POLL = 0.5  # seconds between two looks at an idle lane
TOUR = 0.1  # and between two acknowledgements of a busy one
FRESH = 2.0  # seconds after which a claim is judged again rather than sent
AHEAD = 1.0  # seconds of work claimed at once
FEWEST = 25
SPAN = 0.25  # seconds over which speed is measured
KEPT = 20.0  # seconds an idle connection is kept
DATABASE_AWAY = (DatabaseError, InterfaceError, PoolTimeout)


@dataclass
class LaneSender:
    """Sends what is due in one lane, over at most `connections` kept connections.

    `per_minute`: what the route's host allows, 0 for no limit.
    """

    lane: str
    worker: uuid.UUID
    route: Route
    connections: int = 4
    batch: int = 500
    per_minute: int = 0
    journal: Journal | None = None
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    brake: Brake = field(default_factory=Brake)
    _hand: deque[tuple[float, Due]] = field(default_factory=deque)  # when claimed, what
    _done: list[Outcome] = field(default_factory=list)
    _slow: dict[str, float] = field(default_factory=dict)  # domain → until when
    _speed: float = 0.0  # mails per second, lately
    _sent: int = 0  # since
    _since: float = 0.0
    _kept: list[SmtpConnection] = field(default_factory=list)
    _busy: set[asyncio.Task[None]] = field(default_factory=set)
    _thread: ThreadPoolExecutor | None = None

    def __post_init__(self) -> None:
        self._courier = Courier(self.lane, self.brake, timezone.now, self.journal)

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; then finish the mails under way."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"lane-{self.lane}")
        idle_since = _clock()
        try:
            while not stop.is_set():
                if await self._turn(stop):
                    idle_since = _clock()
                elif _clock() - idle_since > KEPT:
                    await self._hang_up()
                await self._rest(stop)
        finally:
            await self._finish()

    async def drain(self) -> None:
        """Send what is due now and return: for tests and for a command."""
        stop = asyncio.Event()
        self._thread = ThreadPoolExecutor(1)
        try:
            while await self._turn(stop) and not self.brake.failures:
                if self._busy:
                    await asyncio.wait(self._busy)
        finally:
            await self._finish()

    async def _finish(self) -> None:
        """The mails under way get their reply, the others go back to the queue."""
        try:
            await asyncio.gather(*self._busy, return_exceptions=True)
            self._give_back()
            await self._write_down()
        finally:
            for courier in self._busy:
                courier.cancel()
            await self._hang_up()
            await self._ask(connections.close_all)
            if self._thread is not None:
                self._thread.shutdown(wait=False)

    async def _turn(self, stop: asyncio.Event) -> bool:
        """Write down, claim, start couriers; whether there is anything to do."""
        if self._courier.is_broken:
            await self._break()
        if self.brake.remaining():
            self._give_back()
        await self._write_down()
        if not self.brake.remaining() and len(self._hand) * 2 <= self._ahead():
            await self._claim()
        most = 1 if self.brake.failures else self.connections
        for _ in range(min(most - len(self._busy), len(self._hand))):
            courier = asyncio.create_task(self._deliver(stop))
            self._busy.add(courier)
            courier.add_done_callback(self._gone)
        return bool(self._busy or self._hand)

    def _ahead(self) -> int:
        """How many to have in hand: what leaves before it would have to be judged again."""
        return min(max(FEWEST, self.connections * 2, int(self._speed * AHEAD)), self.batch)

    def _measure(self) -> None:
        elapsed = _clock() - self._since
        if elapsed >= SPAN:
            self._speed = (self._speed + self._sent / elapsed) / 2
            self._sent, self._since = 0, _clock()

    async def _claim(self) -> None:
        self._measure()
        try:
            rows = await self._ask(
                claim,
                lane=self.lane,
                worker=self.worker,
                limit=self._ahead(),
                now=timezone.now(),
                route=self.route.name,
                per_minute=self.per_minute,
            )
        except DATABASE_AWAY as error:
            log.warning("lane %s: the database is away (%s)", self.lane, _short(error))
            await self._ask(connections.close_all)
        else:
            self._hand.extend((_clock(), row) for row in rows)

    def _give_back(self) -> None:
        """What is in hand is not sent for now."""
        for _, row in self._hand:
            self._done.append(Outcome(delivery=row, verdict=Verdict.UNSENT))
        self._hand.clear()

    async def _break(self) -> None:
        """The route refuses whatever it is given: a person has to look (J21)."""
        reply = self._courier.last_refusal
        log.error("lane %s: stopped, the route refuses everything (%s)", self.lane, reply)
        try:
            await self._ask(
                stop_route, route=self.route.name, lane=self.lane, reply=reply, now=timezone.now()
            )
        except DATABASE_AWAY as error:
            log.warning("lane %s: the database is away (%s)", self.lane, _short(error))
            await self._ask(connections.close_all)
        else:
            self._give_back()
            self._courier.refusals = 0

    def _gone(self, courier: asyncio.Task[None]) -> None:
        self._busy.discard(courier)
        if not courier.cancelled() and courier.exception() is not None:
            log.error("lane %s: a courier failed", self.lane, exc_info=courier.exception())
            self.brake.press()
        if not self._busy:
            self.wake.set()

    async def _rest(self, stop: asyncio.Event) -> None:
        """Wait for news, the next look, or the end of a pause."""
        busy = bool(self._busy or self._done)
        waits = [asyncio.create_task(event.wait()) for event in (stop, self.wake)]
        await asyncio.wait(
            waits,
            timeout=TOUR if busy else max(self.brake.remaining(), POLL),
            return_when=asyncio.FIRST_COMPLETED,
        )
        for wait in waits:
            wait.cancel()
        self.wake.clear()

    async def _deliver(self, stop: asyncio.Event) -> None:
        """One connection: hand over until nothing is in hand or the route fails."""
        smtp = await self._connected() if self._hand else None
        while smtp is not None and not (stop.is_set() or self.brake.remaining()):
            row = self._next()
            if row is None:
                break
            outcome = await self._courier.hand_over(smtp, row)
            self._note(outcome, closed=not smtp.open)
            if not smtp.open:
                smtp = await self._connected() if self._hand else None
        if smtp is not None and smtp.open:
            self._kept.append(smtp)

    def _next(self) -> Due | None:
        """The next mail in hand that may still leave; half empty, the hand asks for more."""
        while self._hand:
            claimed, row = self._hand.popleft()
            if len(self._hand) * 2 == self._ahead():
                self.wake.set()
            if _clock() - claimed < FRESH and self._slow.get(row.domain, 0.0) < _clock():
                return row
            self._done.append(Outcome(delivery=row, verdict=Verdict.UNSENT))
        self.wake.set()
        return None

    def _note(self, outcome: Outcome, *, closed: bool) -> None:
        """Keep it for the next acknowledgement. What a server that merely closed left unsent is
        the next one's."""
        if outcome.verdict is Verdict.UNSENT and closed and not self.brake.remaining():
            self._hand.appendleft((_clock(), outcome.delivery))  # type: ignore[arg-type]
            return
        if outcome.verdict is Verdict.DOMAIN:
            self._slow[outcome.delivery.domain] = _clock() + FIRST_PAUSE.total_seconds()
        self._done.append(outcome)
        self._sent += 1
        if len(self._done) >= self.batch:
            self.wake.set()

    async def _connected(self) -> SmtpConnection | None:
        """A kept connection that is still open, or a new one."""
        while self._kept:
            smtp = self._kept.pop()
            if not smtp.stale():
                return smtp
            smtp.abort()
        try:
            return await SmtpConnection.connect(self.route)
        except RouteDown as error:
            pause = self.brake.press()
            log.warning("lane %s: %s; next try in %g s", self.lane, error, pause)
            return None

    async def _write_down(self) -> None:
        """Insist until the database takes it: a mail that left must not leave again."""
        pause = POLL
        while self._done:
            outcomes = self._done[: self.batch]
            try:
                await self._ask(self._acknowledge, outcomes=outcomes)
            except DATABASE_AWAY as error:
                log.warning("lane %s: the database is away (%s)", self.lane, _short(error))
                await self._ask(connections.close_all)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                del self._done[: len(outcomes)]
                if self.journal is not None:
                    self.journal.acknowledged([one.delivery.pk for one in outcomes])

    def _acknowledge(self, *, outcomes: list[Outcome]) -> None:
        """In the lane's own thread: the disk first, then the database."""
        if self.journal is not None:
            self.journal.sync()
        acknowledge(worker=self.worker, outcomes=outcomes, now=timezone.now())

    async def _hang_up(self) -> None:
        kept, self._kept = self._kept, []
        for smtp in kept:
            await smtp.quit()

    async def _ask(self, function: Callable[..., T], **arguments: Any) -> T:
        """Run something of the database in this lane's own thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(function, **arguments))


def _clock() -> float:
    return asyncio.get_running_loop().time()


def _short(error: BaseException) -> str:
    return str(error).partition("\n")[0]
