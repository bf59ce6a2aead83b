"""`petitions/goal_reached` and `closing_soon`: to the team, once each, with what to do next."""

from datetime import datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.telling_team import tell_closing_soon, tell_goals_reached
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition

pytestmark = pytest.mark.django_db


def mails() -> list[dict[str, str]]:
    jobs = ProcrastinateJob.objects.filter(task_name="messaging.send_account_mail").order_by("id")
    return [job.args for job in jobs]


def cross(petition: Petition, *thresholds: int, at: datetime) -> None:
    for threshold in thresholds:
        Milestone.objects.create(petition=petition, threshold=threshold, reached_at=at)


def test_a_goal_is_told_once_to_who_may_edit(
    lilas: Petition, aicha: User, hugo: User, olga: User, mariam: User, now: datetime
) -> None:
    cross(lilas, 100, at=now)
    assert tell_goals_reached(now=now) == 1
    assert [mail["to"] for mail in mails()] == [aicha.email, hugo.email]
    mail = mails()[0]
    assert mail["subject"] == ("100 signatures : Une piste cyclable rue des Lilas")
    assert "Prochain palier\u00a0: 200." in mail["text"]
    assert "imprimez des feuilles" in mail["text"]
    assert "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/" in mail["text"]
    assert tell_goals_reached(now=now) == 0
    assert len(mails()) == 2


def test_of_several_at_once_the_highest_is_told(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    cross(lilas, 200, 500, 1_000, at=now)
    tell_goals_reached(now=now)
    (mail,) = mails()
    assert mail["subject"].startswith("1 000 signatures")
    assert "demandez un rendez-vous" in mail["text"]
    assert tell_goals_reached(now=now) == 0


def test_old_stories_and_small_numbers_are_not_told(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    cross(lilas, 10, 50, at=now)
    cross(lilas, 100, at=now - timedelta(days=3))
    assert tell_goals_reached(now=now) == 0
    assert not mails()


def test_a_closing_date_near_is_told_once_and_again_if_it_moves(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    Petition.objects.update(closes_at=now + timedelta(days=2))
    assert tell_closing_soon(now=now) == 1
    assert tell_closing_soon(now=now) == 0
    (mail,) = mails()
    assert mail["subject"] == ("Elle ferme le 18 septembre 2026 : Une piste cyclable rue des Lilas")
    assert "repousser la date" in mail["text"]
    Petition.objects.update(closes_at=now + timedelta(days=3))
    assert tell_closing_soon(now=now) == 1


@pytest.mark.parametrize(("state", "days"), [("closed", 2), ("open", 4), ("open", -1)])
def test_others_hear_nothing(
    state: str, days: int, lilas: Petition, aicha: User, now: datetime
) -> None:
    Petition.objects.update(state=state, closes_at=now + timedelta(days=days))
    assert tell_closing_soon(now=now) == 0
