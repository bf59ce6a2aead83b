"""Putting signatures through the real intake, from tests that are not asynchronous."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.signing.errors import SigningError
from levier.gathering.signing.intake.form import parse_signature
from levier.gathering.signing.intake.place import Place
from levier.gathering.signing.intake.queue import Intake, utc_now
from levier.gathering.signing.intake.rows import Answer, SignatureInput
from tests.cast import NOW

Outcome = Answer | SigningError
FORM = {
    "first_name": "Paul",
    "last_name": "Tremblay",
    "email": "paul@exemple.fr",
    "postal_code": "35000",
}


def slug_of(petition: Petition) -> str:
    """The current address of a petition."""
    return Slug.objects.get(petition=petition, current=True).slug


def form(n: int = 0, **fields: Any) -> dict[str, Any]:
    """What somebody posts; each `n` is somebody else."""
    return {**FORM, **({"email": f"personne{n}@exemple.fr"} if n else {}), **fields}


def take(
    slug: str,
    forms: Sequence[dict[str, Any]],
    *,
    now: datetime = NOW,
    network: bytes | None = None,
    rate_limits: bool = False,
) -> list[Outcome]:
    """Post all forms at once on a petition; their outcomes, in the same order."""

    async def together(intake: Intake, place: Place) -> list[Outcome]:
        rows = [parse_signature(form, place, network=network) for form in forms]
        return await submit_all(intake, rows)

    found: list[Outcome] = with_intake(slug, together, now=now, rate_limits=rate_limits)
    return found


def with_intake(
    slug: str,
    scenario: Callable[[Intake, Place], Any],
    *,
    now: datetime | None = None,
    rate_limits: bool = False,
    **options: Any,
) -> Any:
    """Run an asynchronous scenario with a started intake and the petition at an address."""

    async def run() -> Any:
        clock = utc_now if now is None else lambda: now
        intake = Intake(rate_limits=rate_limits, clock=clock, **options)
        await intake.start()
        try:
            place = await intake.place_at(slug)
            assert place is not None
            return await scenario(intake, place)
        finally:
            await intake.stop()

    return asyncio.run(run())


async def submit_all(intake: Intake, rows: Sequence[SignatureInput]) -> list[Outcome]:
    """Submit all rows at once; refusals come back as values, anything else is raised."""
    found = await asyncio.gather(*map(intake.submit, rows), return_exceptions=True)
    for outcome in found:
        if isinstance(outcome, BaseException) and not isinstance(outcome, SigningError):
            raise outcome
    return found  # type: ignore[return-value]  # just checked
