"""Pausing, resuming, closing: when a petition takes signatures."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.enums import EDITABLE, PetitionState
from levier.gathering.petitions.errors import AlreadyClosed, WrongState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.phases import is_finished


@transaction.atomic
def pause(*, petition: Petition, by: User, now: datetime) -> Petition:
    """Take no signature for a while; the page stays. Raises WrongState."""
    petition = _in_one_of(petition, {PetitionState.OPEN})
    return _moved(petition, PetitionState.PAUSED, "pause", by, now)


@transaction.atomic
def resume(*, petition: Petition, by: User, now: datetime) -> Petition:
    """Take signatures again. Raises WrongState."""
    petition = _in_one_of(petition, {PetitionState.PAUSED})
    return _moved(petition, PetitionState.OPEN, "resume", by, now)


@transaction.atomic
def close(*, petition: Petition, by: User, now: datetime) -> Petition:
    """End the petition for good: its page shows the result (P43, P61). Raises WrongState."""
    petition = _in_one_of(petition, {PetitionState.OPEN, PetitionState.PAUSED})
    petition.closed_at = now
    petition.save(update_fields=["closed_at"])
    return _moved(petition, PetitionState.CLOSED, "close", by, now)


@transaction.atomic
def set_closing_date(
    *, petition: Petition, closes_at: datetime | None, by: User, now: datetime
) -> Petition:
    """Choose or move the day it closes by itself; too late once it has (P61): AlreadyClosed."""
    petition = locked(petition)
    if closes_at == petition.closes_at:
        return petition
    if petition.state not in EDITABLE or is_finished(petition, now=now):
        raise AlreadyClosed
    petition.closes_at = closes_at
    petition.save(update_fields=["closes_at"])
    audit(petition, "set_closing_date", by, now, at=closes_at.isoformat() if closes_at else None)
    return petition


def _in_one_of(petition: Petition, states: Collection[PetitionState]) -> Petition:
    petition = locked(petition)
    if petition.state not in states:
        raise WrongState
    return petition


def _moved(petition: Petition, state: PetitionState, act: str, by: User, now: datetime) -> Petition:
    petition.state = state
    petition.save(update_fields=["state"])
    audit(petition, act, by, now)
    return petition
