"""Activities of each month have a table of their own, ready before the month begins."""

from datetime import datetime

import pytest
from django.db import connection

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.activities import prepare_activity_months, record_activity
from levier.foundation.people.enums import ActivityKind

pytestmark = pytest.mark.django_db


def places() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM levier_activity ORDER BY at")
        return [place for (place,) in cursor.fetchall()]


def record(organisation: Organisation, at: datetime) -> None:
    record_activity(
        organisation_id=organisation.pk,
        person_id=None,
        kind=ActivityKind.EXPORTED,
        subject="test",
        at=at,
    )


def test_three_months_are_ready_and_used(valmont: Organisation, now: datetime) -> None:
    made = prepare_activity_months(now=now.replace(month=11))
    assert made == ["levier_activity_2026_11", "levier_activity_2026_12", "levier_activity_2027_01"]
    assert prepare_activity_months(now=now.replace(month=11)) == []
    assert prepare_activity_months(now=now.replace(month=12)) == ["levier_activity_2027_02"]
    for month in (10, 11, 12):
        record(valmont, now.replace(month=month))
    assert places() == [
        "levier_activity_other",
        "levier_activity_2026_11",
        "levier_activity_2026_12",
    ]


def test_a_month_already_begun_elsewhere_is_left_alone(
    valmont: Organisation, now: datetime
) -> None:
    record(valmont, now)
    assert prepare_activity_months(now=now) == [
        "levier_activity_2026_10",
        "levier_activity_2026_11",
    ]
    assert places() == ["levier_activity_other"]
