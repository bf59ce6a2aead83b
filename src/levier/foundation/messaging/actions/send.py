"""The sender of one lane: claims, hands over, writes down, and waits when the route is down.

Everything it does to the database goes through one thread with its own connection, so that a
lane never waits for another one's.
"""

import asyncio
import logging
import uuid
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
from levier.foundation.messaging.actions.write_letter import write_letter
from levier.foundation.messaging.channels.brake import Brake
from levier.foundation.messaging.channels.route import Route
from levier.foundation.messaging.channels.smtp import ConnectionLost, RouteDown, SmtpConnection
from levier.foundation.messaging.errors import MessagingError
from levier.foundation.messaging.queries.deliveries import due_count
from levier.foundation.messaging.queries.due import Due
from levier.foundation.messaging.rules.replies import Stage, Verdict, judge

T = TypeVar("T")
log = logging.getLogger(__name__)

POLL = 0.5  # seconds between two looks at an idle lane
FRESH = 2.0  # seconds after which a claim is judged again rather than sent
KEPT = 20.0  # seconds an idle connection is kept
DATABASE_AWAY = (DatabaseError, InterfaceError, PoolTimeout)


@dataclass
class LaneSender:
    """Sends what is due in one lane, over at most `connections` kept connections."""

    lane: str
    worker: uuid.UUID
    route: Route
    connections: int = 4
    batch: int = 25
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    brake: Brake = field(default_factory=Brake)
    _kept: list[SmtpConnection] = field(default_factory=list)
    _couriers: set[asyncio.Task[None]] = field(default_factory=set)
    _thread: ThreadPoolExecutor | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; then finish the mails under way."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"lane-{self.lane}")
        idle_since = asyncio.get_running_loop().time()
        try:
            while not stop.is_set():
                if await self._dispatch(stop):
                    idle_since = asyncio.get_running_loop().time()
                elif asyncio.get_running_loop().time() - idle_since > KEPT:
                    await self._hang_up()
                await self._rest(stop)
            await asyncio.gather(*self._couriers)
        finally:
            for courier in self._couriers:
                courier.cancel()
            await self._hang_up()
            await self._ask(connections.close_all)
            self._thread.shutdown(wait=False)

    async def drain(self) -> None:
        """Send what is due now and return: for tests and for a command."""
        stop = asyncio.Event()
        self._thread = ThreadPoolExecutor(1)
        try:
            while await self._dispatch(stop):
                await asyncio.gather(*self._couriers, return_exceptions=True)
                if self.brake.failures:
                    return
        finally:
            await self._hang_up()
            await self._ask(connections.close_all)
            self._thread.shutdown(wait=True)

    async def _dispatch(self, stop: asyncio.Event) -> bool:
        """Start as many couriers as there is work for; a route at fault gets one, to probe."""
        if self.brake.remaining():
            return bool(self._couriers)
        free = (1 if self.brake.failures else self.connections) - len(self._couriers)
        if free <= 0:
            return True
        try:
            due = await self._ask(
                due_count, lane=self.lane, now=timezone.now(), at_most=self.batch * free
            )
        except DATABASE_AWAY as error:
            log.warning("lane %s: the database is away (%s)", self.lane, _short(error))
            await self._forget_database()
            return bool(self._couriers)
        for _ in range(-(-due // self.batch)):
            courier = asyncio.create_task(self._deliver(stop))
            self._couriers.add(courier)
            courier.add_done_callback(self._gone)
        return bool(self._couriers)

    def _gone(self, courier: asyncio.Task[None]) -> None:
        self._couriers.discard(courier)
        if not courier.cancelled() and courier.exception() is not None:
            log.error("lane %s: a courier failed", self.lane, exc_info=courier.exception())
            self.brake.press()

    async def _rest(self, stop: asyncio.Event) -> None:
        """Wait for news, the next look, or the end of a pause."""
        waits = [asyncio.create_task(event.wait()) for event in (stop, self.wake)]
        await asyncio.wait(
            waits,
            timeout=max(self.brake.remaining(), POLL),
            return_when=asyncio.FIRST_COMPLETED,
        )
        for wait in waits:
            wait.cancel()
        self.wake.clear()

    async def _deliver(self, stop: asyncio.Event) -> None:
        """One courier: claim and hand over until nothing is due or the route fails."""
        while not stop.is_set() and not self.brake.remaining():
            smtp = await self._connected()
            if smtp is None:
                return
            try:
                rows = await self._ask(
                    claim,
                    lane=self.lane,
                    worker=self.worker,
                    limit=self.batch,
                    now=timezone.now(),
                )
            except DATABASE_AWAY as error:
                log.warning("lane %s: the database is away (%s)", self.lane, _short(error))
                await self._forget_database()
                self._kept.append(smtp)
                return
            outcomes = await self._hand_over(smtp, rows, stop)
            if smtp.open:
                self._kept.append(smtp)
            await self._write_down(outcomes)
            if not rows:
                return

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

    async def _hand_over(
        self, smtp: SmtpConnection, rows: list[Due], stop: asyncio.Event
    ) -> list[Outcome]:
        """Send a batch over one connection. What the end of the connection, of the route or of
        this worker leaves unsent goes back to the queue."""
        loop = asyncio.get_running_loop()
        claimed, outcomes = loop.time(), []
        for row in rows:
            stale = loop.time() - claimed > FRESH
            if stale or stop.is_set() or not smtp.open or self.brake.remaining():
                outcomes.append(Outcome(delivery=row, verdict=Verdict.UNSENT))
            else:
                outcomes.append(await self._hand_one(smtp, row))
        return outcomes

    async def _hand_one(self, smtp: SmtpConnection, row: Due) -> Outcome:
        try:
            envelope = write_letter(
                delivery=row, eight_bit=smtp.offers("8BITMIME"), now=timezone.now()
            )
            stage, reply = await smtp.submit(envelope)
        except MessagingError as error:
            log.error("delivery %s cannot leave: %s", row.pk, type(error).__name__)
            return Outcome(delivery=row, verdict=Verdict.BROKEN, reply=str(error))
        except ConnectionLost as error:
            return self._lost(smtp, row, error)
        verdict = judge(stage, reply)
        if (
            verdict in {Verdict.ROUTE, Verdict.DOMAIN}
            and reply.code == 421
            and smtp.sent
            and stage is Stage.MAIL
        ):
            verdict = Verdict.UNSENT  # « enough on this connection »: another one is opened
        elif verdict in {Verdict.ROUTE, Verdict.POLICY}:
            pause = self.brake.press()
            log.error("lane %s: the route refuses (%s); pause of %g s", self.lane, reply, pause)
        else:
            self.brake.release()
        return Outcome(delivery=row, verdict=verdict, reply=str(reply))

    def _lost(self, smtp: SmtpConnection, row: Due, error: ConnectionLost) -> Outcome:
        smtp.abort()
        if error.after_content:
            self.brake.press()
            return Outcome(delivery=row, verdict=Verdict.LOST, reply=f"connection lost: {error}")
        if not smtp.sent:  # a connection that never worked; one that did was merely closed
            log.warning("lane %s: connection lost (%s)", self.lane, error)
            self.brake.press()
        return Outcome(delivery=row, verdict=Verdict.UNSENT)

    async def _write_down(self, outcomes: list[Outcome]) -> None:
        """Insist until the database takes it: a mail that left must not leave again."""
        pause = 0.5
        while outcomes:
            try:
                await self._ask(
                    acknowledge, worker=self.worker, outcomes=outcomes, now=timezone.now()
                )
            except DATABASE_AWAY as error:
                log.warning("lane %s: the database is away (%s)", self.lane, _short(error))
                await self._forget_database()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                return

    async def _hang_up(self) -> None:
        kept, self._kept = self._kept, []
        for smtp in kept:
            await smtp.quit()

    async def _forget_database(self) -> None:
        await self._ask(connections.close_all)

    async def _ask(self, function: Callable[..., T], **arguments: Any) -> T:
        """Run something of the database in this lane's own thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(function, **arguments))


def _short(error: BaseException) -> str:
    return str(error).partition("\n")[0]
