"""kill -9 of the sender at each moment of a mail (J13–J16): nobody twice, nobody lost."""

from functools import partial
from pathlib import Path

import psycopg
import pytest

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.pause_message import pause_message, resume_message
from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.queries.progress import progress_of
from tests.database import TestDatabase
from tests.faults.sending import (
    CONNECTIONS,
    check_each_once,
    is_over,
    news_to,
    own_backend,
    worker,
)
from tests.foundation.messaging.server import Server
from tests.running import wait_for as wait_at_most

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 120
wait_for = partial(wait_at_most, seconds=90)


def test_J13_killed_before_data_nothing_is_in_doubt(
    valmont: Organisation, server: Server, test_database: TestDatabase, tmp_path: Path
) -> None:
    news = news_to(valmont, MANY)
    with worker(test_database, server, tmp_path):
        wait_for(lambda: len(server.taken) >= 20, "the first mails")
        server.script.hold = "data"
        wait_for(lambda: server.holding == CONNECTIONS, "every connection before its text")
    server.script.hold = ""
    with worker(test_database, server, tmp_path):
        wait_for(lambda: is_over(news), "the rest sent")
    assert check_each_once(news, server).handed == MANY


def test_J13_killed_between_data_and_reply_leaves_in_doubt_as_many_as_connections(
    valmont: Organisation, server: Server, test_database: TestDatabase, tmp_path: Path
) -> None:
    news = news_to(valmont, MANY)
    with worker(test_database, server, tmp_path):
        wait_for(lambda: len(server.taken) >= 20, "the first mails")
        server.script.hold = "dot"
        wait_for(lambda: server.holding == CONNECTIONS, "every connection after its text")
    server.script.hold = ""
    with worker(test_database, server, tmp_path):
        wait_for(lambda: is_over(news), "the rest sent")
    progress = check_each_once(news, server)
    assert progress.unknown == CONNECTIONS
    assert len(server.taken) == MANY  # they had arrived: that is what nobody could know


def test_J13_killed_after_the_reply_and_before_the_acknowledgement(
    valmont: Organisation, server: Server, test_database: TestDatabase, tmp_path: Path
) -> None:
    news = news_to(valmont, MANY)
    server.script.hold = "data"
    with worker(test_database, server, tmp_path):
        wait_for(lambda: server.holding == CONNECTIONS, "claims")
        claimed = Delivery.objects.filter(state=DeliveryState.CLAIMED)
        wait_for(lambda: claimed.count() > CONNECTIONS, "a claim")
        with psycopg.connect(test_database.url) as wall:
            wall.execute("LOCK TABLE levier_delivery IN SHARE ROW EXCLUSIVE MODE")
            server.script.hold = ""
            wait_for(lambda: len(server.taken) >= CONNECTIONS * 2, "mails taken, not written down")
            before = Delivery.objects.filter(state=DeliveryState.HANDED).count()
    assert before == 0
    with worker(test_database, server, tmp_path):
        wait_for(lambda: is_over(news), "the rest sent")
    progress = check_each_once(news, server)
    assert progress.handed >= MANY - CONNECTIONS


def test_J15_two_senders_killed_in_turn(
    valmont: Organisation, server: Server, test_database: TestDatabase, tmp_path: Path
) -> None:
    server.script.slow = 0.02
    news = news_to(valmont, MANY * 2)
    first, second = tmp_path / "first", tmp_path / "second"
    with worker(test_database, server, first):
        with worker(test_database, server, second):
            wait_for(lambda: len(server.taken) >= MANY, "half of it")
        seen = len(server.taken)
        wait_for(lambda: len(server.taken) >= seen + 20, "one goes on alone")
    with worker(test_database, server, first), worker(test_database, server, second):
        wait_for(lambda: is_over(news), "the rest sent")
    progress = progress_of(news)
    assert progress.handed + progress.unknown == MANY * 2
    assert progress.unknown <= CONNECTIONS * 2
    assert len(server.recipients) == len(set(server.recipients))


def test_J16_paused_and_resumed_ten_times(
    valmont: Organisation, server: Server, test_database: TestDatabase, tmp_path: Path
) -> None:
    server.script.slow = 0.02
    news = news_to(valmont, MANY * 2)
    with worker(test_database, server, tmp_path):
        wait_for(lambda: server.taken, "the first mail")
        for _ in range(10):
            pause_message(message=news)
            wait_for(lambda: not progress_of(news).claimed, "what was in hand is over")
            stopped = len(server.taken)
            resume_message(message=news)
            wait_for(lambda: len(server.taken) > stopped or is_over(news), "it goes on")  # noqa: B023
        wait_for(lambda: is_over(news), "all sent")
    assert check_each_once(news, server).handed == MANY * 2


def test_J14_its_database_sessions_killed_again_and_again(
    valmont: Organisation, server: Server, test_database: TestDatabase, tmp_path: Path
) -> None:
    server.script.slow = 0.02
    news = news_to(valmont, MANY * 2)
    with worker(test_database, server, tmp_path):
        for n in range(1, 4):
            wait_for(lambda: len(server.taken) >= 40 * n, "more mails")  # noqa: B023
            with psycopg.connect(test_database.server, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = %s AND pid <> %s",
                    [test_database.name, own_backend()],
                )
        wait_for(lambda: is_over(news), "all sent")
    assert check_each_once(news, server).handed == MANY * 2
