"""The harness itself: each test begins with the same database."""

import pytest
from django.db import connection


def _names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name FROM procrastinate_jobs")
        return [name for (name,) in cursor.fetchall()]


def _write() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('left', 'behind')"
        )


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_a_rolled_back_test_leaves_nothing(turn: int) -> None:
    assert _names() == []
    _write()
    assert _names() == ["left"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_test_leaves_nothing(turn: int) -> None:
    assert _names() == []
    _write()
    assert _names() == ["left"]
