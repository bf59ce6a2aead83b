"""P62, P43: a victory is declared once the decision is taken."""

from datetime import date, datetime, timedelta

import pytest

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.winning import Decision, mark_won
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.errors import WrongState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.victory import Victory

pytestmark = pytest.mark.django_db
VOTED = Decision(
    decision="Le conseil municipal a voté la piste.",
    decided_on=date(2026, 9, 14),
    evidence_url="https://valmont.example/vote",
)


@pytest.mark.parametrize("state", ["open", "paused", "closed"])
def test_P62_any_public_petition_may_win(
    state: str, lilas: Petition, aicha: User, now: datetime
) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state=state)
    mark_won(petition=lilas, decision=VOTED, by=aicha, now=now)
    lilas.refresh_from_db()
    assert (lilas.state, lilas.closed_at) == (PetitionState.WON, now)
    assert Victory.objects.get(petition=lilas).decision == VOTED.decision


@pytest.mark.parametrize("state", ["draft", "in_review", "removed"])
def test_P62_what_nobody_reads_wins_nothing(
    state: str, lilas: Petition, aicha: User, now: datetime
) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state=state)
    with pytest.raises(WrongState):
        mark_won(petition=lilas, decision=VOTED, by=aicha, now=now)
    assert not Victory.objects.exists()


def test_P63_a_petition_closed_before_keeps_the_day_it_closed(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    closed = now - timedelta(days=30)
    Petition.objects.filter(pk=lilas.pk).update(state="closed", closed_at=closed)
    mark_won(petition=lilas, decision=VOTED, by=aicha, now=now)
    lilas.refresh_from_db()
    assert lilas.closed_at == closed


def test_P62_said_again_it_is_corrected(lilas: Petition, aicha: User, now: datetime) -> None:
    mark_won(petition=lilas, decision=VOTED, by=aicha, now=now)
    better = Decision(**{**vars(VOTED), "evidence_label": "Délibération, point 7"})
    later = now + timedelta(hours=1)
    mark_won(petition=lilas, decision=better, by=aicha, now=later)
    victory = Victory.objects.get()
    assert (victory.evidence_label, victory.declared_at) == ("Délibération, point 7", now)
    lilas.refresh_from_db()
    assert lilas.closed_at == now
