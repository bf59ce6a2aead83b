"""What a petition's state allows now."""

from datetime import datetime

from levier.gathering.petitions.enums import FINISHED, SIGNABLE
from levier.gathering.petitions.models.petition import Petition


def is_signable(petition: Petition, *, now: datetime) -> bool:
    """Whether a signature is taken: open, and its closing date not passed (P61)."""
    return petition.state in SIGNABLE and not _past_closing(petition, now=now)


def is_finished(petition: Petition, *, now: datetime) -> bool:
    """Whether only its result is left to show (P50): won, closed, or past its closing date."""
    return petition.state in FINISHED or (
        petition.state in SIGNABLE and _past_closing(petition, now=now)
    )


def finished_on(petition: Petition) -> datetime | None:
    """When it closed: by hand, or by its date."""
    return petition.closed_at or petition.closes_at


def _past_closing(petition: Petition, *, now: datetime) -> bool:
    return petition.closes_at is not None and petition.closes_at <= now
