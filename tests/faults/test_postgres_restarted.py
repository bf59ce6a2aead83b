"""PostgreSQL stopped in the middle of a storm, then back."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

from tests.faults.conftest import SIGN, SLUG, Crowd, Whole, check_the_books, check_the_thanks
from tests.running import wait_for


@contextmanager
def no_postgres(levier: Whole) -> Iterator[None]:
    """PostgreSQL away for as long as we look: whoever starts it again is held back."""
    supervisor = levier.console.process.pid
    os.kill(supervisor, signal.SIGSTOP)
    try:
        os.kill(levier.postmaster(), signal.SIGINT)  # what `pg_ctl stop -m fast` sends
        yield
    finally:
        os.kill(supervisor, signal.SIGCONT)


def test_requests_fail_clearly_then_go_on_by_themselves(levier: Whole) -> None:
    with Crowd(levier.site) as crowd:
        crowd.has(200)
        stopped = levier.postmaster()
        with no_postgres(levier):
            wait_for(lambda: crowd.statuses.get(503, 0) >= 12, "clear refusals", 60)
        before = len(crowd.acknowledged)
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
    fields = {
        "first_name": "Camille",
        "last_name": "Roche & fils",
        "email": "camille@courriel.example",
        "postal_code": "35000",
        "comment": "Mes enfants prennent « cette » rue.",
        "consent_updates": "on",
    }
    assert levier.site.ask("GET", f"/petitions/{SLUG}/").status == 200
    with no_postgres(levier):
        answer = levier.site.ask("POST", SIGN, fields, Accept="text/html")
    assert answer.status == 503
    assert "retry-after" in answer.headers
    assert "Envoyer de nouveau ma signature" in answer.text
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text)
    typed = {name: unescape(value) for name, value in kept}
    assert fields.items() <= typed.items()

    levier.ready()
    assert levier.site.ask("POST", SIGN, typed, Accept="text/html").status == 303
    assert levier.rows("SELECT text FROM levier_comment") == [(fields["comment"],)]
    assert levier.rows("SELECT given FROM levier_consentstate") == [(True,)]
