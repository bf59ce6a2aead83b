"""The queue in front of the database, and who takes batches out of it."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import psycopg
import structlog
from psycopg_pool import PoolClosed, PoolTimeout

from levier.gathering.signing.errors import (
    IntakeAway,
    IntakeBusy,
    NotSignable,
    SigningError,
    TooManyFromHere,
    Unwritable,
)
from levier.gathering.signing.intake import place as places
from levier.gathering.signing.intake.batch import Waiting
from levier.gathering.signing.intake.pool import Pool, connected, make_pool
from levier.gathering.signing.intake.rows import Answer, SignatureInput
from levier.gathering.signing.intake.writer import (
    apply_limits,
    count_networks,
    make_ready,
    spend_proofs,
    still_open,
    write,
)
from levier.gathering.signing.rules.guards import GUARD_WINDOW, HARD_LIMIT, window_of

IN_FLIGHT = 2  # batches at once: the next is prepared and finds its people while one commits
MOST_ROWS = 256  # of a batch: past that, waiting longer gains nothing
MOST_WAITING = 4_096  # rows; more are told to come back (P10)
FEWEST = 20  # rows that leave together when they are there, whatever the share
GATHER = 0.001  # seconds a lonely row waits for company
WORTH = 20  # rows worth a second batch beside one in flight…
PATIENCE = 0.003  # … or seconds after which it leaves whatever it holds
DRAIN = 5.0  # seconds left to rows already accepted when stopping
LOST = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, PoolClosed)

Outcome = Answer | SigningError
log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The clock, unless a test gives another."""
    return datetime.now(UTC)


class Intake:
    """Takes signatures one by one and writes them together. One per process, in its event loop."""

    def __init__(
        self,
        *,
        rate_limits: bool,
        clock: Callable[[], datetime] = utc_now,
        in_flight: int = IN_FLIGHT,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self.rate_limits, self.clock = rate_limits, clock
        self.in_flight, self.most_waiting = in_flight, most_waiting
        self._pool: Pool = make_pool(in_flight + 1)
        self._queue: deque[tuple[Waiting, asyncio.Future[Answer]]] = deque()
        self._blocked: dict[bytes, datetime] = {}
        self._come = asyncio.Event()
        self._writing = self._rows_written = 0  # batches, and rows of them
        self._stopping = False
        self._writers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Open the connections, without waiting for a database that is away."""
        await self._pool.open(wait=False)
        self._writers = [asyncio.create_task(self._serve()) for _ in range(self.in_flight)]

    async def stop(self) -> None:
        """Refuse what comes, write what was accepted, close."""
        self._stopping = True
        deadline = asyncio.get_running_loop().time() + DRAIN
        while self._busy() and asyncio.get_running_loop().time() < deadline:
            self._come.set()
            await asyncio.sleep(0.01)
        for writer in self._writers:
            writer.cancel()
        await asyncio.gather(*self._writers, return_exceptions=True)
        self._settle([future for _, future in self._queue], [IntakeBusy()] * len(self._queue))
        self._queue.clear()
        await self._pool.close()

    async def submit(self, row: SignatureInput) -> Answer:
        """Write a signature; returns after the commit.

        Raises NotSignable, TooManyFromHere, IntakeBusy, IntakeAway or Unwritable, in which cases
        nothing was written (after IntakeAway, sending again gives the same signature).
        """
        if self._stopping or len(self._queue) >= self.most_waiting:
            raise IntakeBusy
        if row.network in self._blocked and self._is_blocked(row.network):
            raise TooManyFromHere
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._queue.append((Waiting.of(row), future))
        self._come.set()
        return await future

    async def place_at(self, slug: str) -> places.Place | None:
        """The petition at an address, old or current, in whatever state. Raises IntakeAway."""
        try:
            async with connected(self._pool) as connection:
                found = await connection.execute(places.FIND, (slug,), prepare=True)
                row = await found.fetchone()
                if row is not None and not row[-1]:
                    await make_ready(connection, petition=row[0], organisation=row[9])
        except LOST as error:
            raise IntakeAway from error
        return None if row is None else places.place_from(row)

    # Taking batches

    async def _serve(self) -> None:
        while True:
            batch = await self._next_batch()
            self._writing += 1
            self._rows_written += len(batch)
            try:
                outcomes = await self._write_all([waiting for waiting, _ in batch])
                self._settle([future for _, future in batch], outcomes)
            except Exception:
                log.exception("signing.intake.failed", rows=len(batch))
                self._settle([future for _, future in batch], [Unwritable()] * len(batch))
            finally:
                self._writing -= 1
                self._rows_written -= len(batch)

    async def _next_batch(self) -> list[tuple[Waiting, asyncio.Future[Answer]]]:
        while not self._queue:
            self._come.clear()
            await self._come.wait()
        await self._gather()
        size = min(len(self._queue), max(self._share(), FEWEST), MOST_ROWS)
        return [self._queue.popleft() for _ in range(size)] or await self._next_batch()

    def _share(self) -> int:
        """A batch's part of all that waits or is being written. Taking everything would put every
        visitor in one batch, and leave nothing to do while it is written."""
        return -(-(len(self._queue) + self._rows_written) // self.in_flight)

    async def _gather(self) -> None:
        """Let a batch fill: a little when nothing is being written, longer beside another one."""
        if not self._writing:
            await asyncio.sleep(GATHER)
            return
        waited = 0.0
        while self._writing and len(self._queue) < WORTH and waited < PATIENCE:
            await asyncio.sleep(GATHER / 2)
            waited += GATHER / 2

    def _busy(self) -> bool:
        return bool(self._queue or self._writing)

    @staticmethod
    def _settle(futures: Sequence[asyncio.Future[Answer]], outcomes: Sequence[Outcome]) -> None:
        for future, outcome in zip(futures, outcomes, strict=True):
            if future.done():  # the visitor left; the signature stands
                continue
            if isinstance(outcome, SigningError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    # Limits

    def _is_blocked(self, network: bytes | None) -> bool:
        if network is None or self._blocked.get(network) == window_of(self.clock()):
            return network is not None
        del self._blocked[network]
        return False

    def _block(self, made: dict[bytes, int], now: datetime) -> None:
        window = window_of(now)
        over = {network: window for network, n in made.items() if n >= HARD_LIMIT}
        if over:
            recent = window - GUARD_WINDOW
            self._blocked = {k: w for k, w in self._blocked.items() if w > recent} | over

    # Writing

    async def _write_all(self, batch: list[Waiting]) -> list[Outcome]:
        """The outcome of each row, in the order of the batch."""
        try:
            if any(waiting.row.proof is not None for waiting in batch):
                async with connected(self._pool) as connection:
                    await spend_proofs(connection, batch)
            refused = await self._limit(batch)
        except LOST:
            return [IntakeAway() for _ in batch]
        taken = [waiting for o, waiting in enumerate(batch) if o not in refused]
        written = iter(await self._write(taken) if taken else [])
        return [refused[o] if o in refused else next(written) for o in range(len(batch))]

    async def _limit(self, batch: list[Waiting]) -> dict[int, SigningError]:
        if not self.rate_limits or all(waiting.row.network is None for waiting in batch):
            return {}
        now = self.clock()
        async with connected(self._pool) as connection:
            made = await count_networks(connection, batch, now=now)
        self._block(made, now)
        return apply_limits(batch, made)

    async def _write(self, batch: list[Waiting], *, again: bool = True) -> Sequence[Outcome]:
        try:
            async with connected(self._pool) as connection:
                written = await write(connection, batch, now=self.clock())
        except LOST as error:
            if again and not isinstance(error, PoolTimeout):
                # Safe: what was committed unseen comes back as the same gesture.
                return await self._write(self._redrawn(batch), again=False)
            log.warning("signing.intake.away", rows=len(batch), error=type(error).__name__)
            return [IntakeAway() for _ in batch]
        except psycopg.errors.DivisionByZero:
            return await self._without_closed(batch)
        except (psycopg.Error, ValueError, TypeError) as error:
            return await self._apart(batch, error)
        forgotten = [w for w, answer in zip(batch, written, strict=True) if answer is None]
        once_more = iter(await self._once_more(forgotten, again=again))
        return [answer or next(once_more) for answer in written]

    async def _once_more(self, forgotten: list[Waiting], *, again: bool) -> Sequence[Outcome]:
        """Rows whose address was forgotten while they waited: by now it can be written anew."""
        if forgotten and again:
            return await self._write(self._redrawn(forgotten), again=False)
        return [IntakeAway() for _ in forgotten]

    async def _without_closed(self, batch: list[Waiting]) -> Sequence[Outcome]:
        """A petition closed meanwhile: its rows are refused, the others are written."""
        try:
            async with connected(self._pool) as connection:
                opened = await still_open(connection, batch, now=self.clock())
        except LOST:
            return [IntakeAway() for _ in batch]
        rest = [waiting for waiting in batch if waiting.row.petition in opened]
        written = iter(await self._write(rest) if rest else [])
        return [next(written) if w.row.petition in opened else NotSignable() for w in batch]

    async def _apart(self, batch: list[Waiting], error: Exception) -> Sequence[Outcome]:
        """A row that cannot be written must not refuse its neighbours: by halves, down to it."""
        if len(batch) == 1:
            log.error("signing.intake.unwritable", error=type(error).__name__)
            return [Unwritable()]
        half, batch = len(batch) // 2, self._redrawn(batch)
        return [*await self._write(batch[:half]), *await self._write(batch[half:])]

    @staticmethod
    def _redrawn(batch: list[Waiting]) -> list[Waiting]:
        """The same rows with new codes: the old ones may exist by now, or be what is wrong."""
        again = [Waiting.of(waiting.row) for waiting in batch]
        for waiting, before in zip(again, batch, strict=True):
            waiting.held = before.held
        return again
