"""P61: closing by hand or by date, pausing, and what is too late."""

from datetime import datetime, timedelta

import pytest

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.opening_hours import (
    close,
    pause,
    resume,
    set_closing_date,
)
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.errors import AlreadyClosed, WrongState
from levier.gathering.petitions.models.petition import Petition

pytestmark = pytest.mark.django_db


def state_of(petition: Petition) -> str:
    return Petition.objects.get(pk=petition.pk).state


def test_a_petition_pauses_and_opens_again(lilas: Petition, aicha: User, now: datetime) -> None:
    pause(petition=lilas, by=aicha, now=now)
    assert state_of(lilas) == PetitionState.PAUSED
    with pytest.raises(WrongState):
        pause(petition=lilas, by=aicha, now=now)
    resume(petition=lilas, by=aicha, now=now)
    assert state_of(lilas) == PetitionState.OPEN


def test_P61_a_petition_closes_for_good(lilas: Petition, aicha: User, now: datetime) -> None:
    close(petition=lilas, by=aicha, now=now)
    closed = Petition.objects.get(pk=lilas.pk)
    assert (closed.state, closed.closed_at) == (PetitionState.CLOSED, now)
    with pytest.raises(WrongState):
        resume(petition=lilas, by=aicha, now=now)


def test_P61_the_date_moves_only_before_it_has_passed(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    first, later = now + timedelta(days=10), now + timedelta(days=20)
    set_closing_date(petition=lilas, closes_at=first, by=aicha, now=now)
    set_closing_date(petition=lilas, closes_at=later, by=aicha, now=now + timedelta(days=9))
    assert Petition.objects.get(pk=lilas.pk).closes_at == later
    with pytest.raises(AlreadyClosed):
        set_closing_date(petition=lilas, closes_at=None, by=aicha, now=now + timedelta(days=21))
    assert Petition.objects.get(pk=lilas.pk).closes_at == later


def test_P61_a_closed_petition_is_not_opened_by_a_new_date(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    close(petition=lilas, by=aicha, now=now)
    with pytest.raises(AlreadyClosed):
        set_closing_date(petition=lilas, closes_at=now + timedelta(days=1), by=aicha, now=now)
