"""One batch, one transaction, one round trip."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import orjson

from levier.gathering.signing.enums import HoldReason
from levier.gathering.signing.errors import ProofAsked, SigningError, TooManyFromHere
from levier.gathering.signing.intake.batch import Waiting, prepare
from levier.gathering.signing.intake.place import MAKE_READY
from levier.gathering.signing.intake.pool import Connection
from levier.gathering.signing.intake.rows import Answer
from levier.gathering.signing.intake.statements import one_message, statement
from levier.gathering.signing.rules.guards import HARD_LIMIT, SOFT_LIMIT, window_of

OPEN_PETITIONS = """
SELECT id FROM levier_petition
WHERE id = ANY(%s::bigint[]) AND state = 'open' AND (closes_at IS NULL OR closes_at > %s)
"""


async def write(
    connection: Connection, batch: Sequence[Waiting], *, now: datetime
) -> list[Answer | None]:
    """Write a batch whole, or nothing of it; the answers are in the order of the batch.

    None stands for a row of which nothing was written, because its address was forgotten (erased,
    corrected) while the batch waited for its turn: to be written again.

    Sent as one message: PostgreSQL runs the statements one after the other in one transaction,
    commits at its end, and nobody waits for us while the lock is held. Raises psycopg.Error:
    DivisionByZero when a petition of the batch takes no signatures any more.
    """
    prepared = prepare(batch, now=now)
    told = await connection.execute(
        one_message(connection.pgconn, prepared.parameters, prepared.parts)
    )
    while told.nextset():
        pass  # only the last statement has something to tell
    shown: dict[int, int | None] = dict(await told.fetchall())
    return [
        Answer(shown[o], waiting.code) if o in shown else None for o, waiting in enumerate(batch)
    ]


async def still_open(
    connection: Connection, batch: Sequence[Waiting], *, now: datetime
) -> set[int]:
    """The petitions of a batch that take signatures."""
    ids = sorted({waiting.row.petition for waiting in batch})
    found = await connection.execute(OPEN_PETITIONS, (f"{{{','.join(map(str, ids))}}}", now))
    return {pk for (pk,) in await found.fetchall()}


async def make_ready(connection: Connection, *, petition: int, organisation: int) -> None:
    """Make the rows that every signature passes through, where nobody made them yet."""
    for made, key in zip(MAKE_READY, (petition, organisation), strict=True):
        await connection.execute(made, (key,))


async def count_networks(
    connection: Connection, batch: Sequence[Waiting], *, now: datetime
) -> dict[bytes, int]:
    """Count the batch in its networks' window; returns how many each has made, batch included.

    A transaction of its own, on an unlogged table: attempts count even when they fail.
    """
    keys = [f"\\x{w.row.network.hex()}" for w in batch if w.row.network is not None]
    networks = orjson.dumps([{"key": key} for key in keys]).decode()
    parameters = {"networks": networks, "window": window_of(now)}
    found = await connection.execute(statement("guard"), parameters, prepare=True)
    return {bytes(key): n async for key, n in found}


async def spend_proofs(connection: Connection, batch: Sequence[Waiting]) -> None:
    """Spend the proofs of a batch; one that was spent already proves nothing (P67)."""
    proofs = [(waiting, proof) for waiting in batch if (proof := waiting.row.proof) is not None]
    sent = [{"key": f"\\x{p.key.hex()}", "window": p.window.isoformat()} for _, p in proofs]
    parameters = {"proofs": orjson.dumps(sent).decode()}
    found = await connection.execute(statement("proofs"), parameters)
    unspent = {bytes(key) async for (key,) in found}
    for waiting, proof in proofs:
        if proof.key in unspent:
            unspent.discard(proof.key)
            continue
        waiting.row.proof = None
        if proof.is_due and not waiting.held:
            waiting.held = HoldReason.CAPTCHA


def apply_limits(batch: Sequence[Waiting], made: dict[bytes, int]) -> dict[int, SigningError]:
    """Ask the rows past the soft limit for a proof, or hold them; returns those that are not
    written, by place: asked for a proof, or past the hard limit (P67)."""
    left = Counter(waiting.row.network for waiting in batch)
    refused: dict[int, SigningError] = {}
    for o, waiting in enumerate(batch):
        network = waiting.row.network
        if network is None:
            continue
        left[network] -= 1
        place = made.get(network, 0) - left[network]
        if place > HARD_LIMIT:
            refused[o] = TooManyFromHere()
        elif place > SOFT_LIMIT and not waiting.held and waiting.row.proof is None:
            if waiting.row.askable:
                refused[o] = ProofAsked()
            else:
                waiting.held = HoldReason.RATE
    return refused
