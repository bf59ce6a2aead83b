"""PostgreSQL stopped in the middle of a storm, then back."""

import os
import signal

from tests.faults.conftest import SIGN, Crowd, Whole, check_the_books, check_the_thanks
from tests.running import wait_for


def test_requests_fail_clearly_then_go_on_by_themselves(levier: Whole) -> None:
    with Crowd(levier.site) as crowd:
        crowd.has(200)
        stopped = levier.postmaster()
        os.kill(stopped, signal.SIGINT)  # what `pg_ctl restart -m fast` sends
        before = len(crowd.acknowledged)
        wait_for(lambda: crowd.statuses.get(503, 0) > 0, "a clear refusal", 30)
        levier.ready()
        assert levier.postmaster() != stopped
        crowd.has(before + 200)
    assert set(crowd.statuses) == {201, 503}
    check_the_books(levier, crowd)
    check_the_thanks(levier, crowd)


def test_a_crashed_postgres_loses_nothing_acknowledged(levier: Whole) -> None:
    with Crowd(levier.site) as crowd:
        crowd.has(200)
        os.kill(levier.postmaster(), signal.SIGKILL)
        before = len(crowd.acknowledged)
        levier.ready()
        crowd.has(before + 100)
    assert set(crowd.statuses) <= {201, 503}
    check_the_books(levier, crowd)
    check_the_thanks(levier, crowd)


def test_the_refusal_is_a_french_page_that_keeps_what_was_typed(levier: Whole) -> None:
    os.kill(levier.postmaster(), signal.SIGINT)
    fields = {
        "first_name": "Camille",
        "last_name": "Roche",
        "email": "camille@courriel.example",
        "postal_code": "35000",
        "comment": "Mes enfants prennent cette rue.",
    }

    def refused() -> bool:
        answer = levier.site.ask("POST", SIGN, fields, Accept="text/html")
        if answer.status != 503:
            return False
        assert "retry-after" in answer.headers
        assert "Réessayez" in answer.text
        return True

    wait_for(refused, "a refusal while the database is away", 10)
    levier.ready()
    assert levier.site.ask("POST", SIGN, fields, Accept="text/html").status == 303
