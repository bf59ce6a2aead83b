"""Nobody is answered before the disk has their signature."""

import asyncio
from pathlib import Path

import pytest

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.intake.batch import Waiting
from levier.gathering.signing.intake.form import parse_signature
from levier.gathering.signing.intake.place import FIND, place_from
from levier.gathering.signing.intake.pool import connected, make_pool
from levier.gathering.signing.intake.writer import make_ready, write
from levier.gathering.signing.models.signature import Signature
from tests.cast import NOW
from tests.taking import form, slug_of

pytestmark = pytest.mark.django_db(transaction=True)


async def write_under_trace(slug: str, trace: Path) -> None:
    """Write one signature; what goes to the server and comes back is kept."""
    pool = make_pool(1)
    await pool.open(wait=True)
    async with connected(pool) as connection:
        found = await (await connection.execute(FIND, (slug,))).fetchone()
        assert found is not None
        place = place_from(found)
        await make_ready(connection, petition=place.petition, organisation=place.organisation)
        with trace.open("w") as kept:
            connection.pgconn.trace(kept.fileno())
            await write(connection, [Waiting.of(parse_signature(form(1), place))], now=NOW)
            connection.pgconn.untrace()
    await pool.close()


def test_P10_the_disk_is_awaited_after_the_lock_and_before_the_answer(
    lilas: Petition, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    asyncio.run(write_under_trace(slug_of(lilas), trace))
    assert Signature.objects.count() == 1
    told = [line for line in trace.read_text().splitlines() if "\t" in line]
    asked = [line for line in told if "\tQuery\t" in line or "\tParse\t" in line]
    assert [
        ("SET LOCAL synchronous_commit TO off;EXECUTE" in line, "emit_message" in line)
        for line in asked
    ] == [(True, False), (False, True)]
    assert "ReadyForQuery" in told[-1]  # nothing is left to wait for
