"""The worker as a process of its own: what it sends, how it stops, what it survives."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import ActivityKind
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import Signature
from tests.cast import make_signature
from tests.database import TestDatabase
from tests.foundation.messaging.server import Server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@contextmanager
def working(database: TestDatabase, server: Server) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on this test's database and mail server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "levier.project.worker"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "levier.project.settings",
            "DATABASE_URL": address(database),
            "LEVIER_EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        },
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def address(database: TestDatabase) -> str:
    """The URL of this test's database."""
    path, _, parameters = database.server.partition("?")
    return f"{path.rpartition('/')[0]}/{database.name}?{parameters}"


def seen(found: Callable[[], object], what: str, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, f"not seen in {seconds} s: {what}"
        time.sleep(0.05)


def gesture(signature: Signature, kind: str = ActivityKind.SIGNED) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO levier_activity (organisation_id, person_id, kind, subject, at)"
            " VALUES (%s, %s, %s, %s, %s)",
            [
                signature.petition.campaign.organisation_id,
                signature.person_id,
                kind,
                f"signature:{signature.pk}",
                timezone.now(),
            ],
        )


def sign(petition: Petition, email: str) -> Signature:
    signature = make_signature(petition, email, signed_at=timezone.now())
    gesture(signature)
    return signature


def test_thanks_leave_and_the_worker_stops_cleanly(
    lilas: Petition, server: Server, test_database: TestDatabase
) -> None:
    first = sign(lilas, "a@exemple.fr")
    with working(test_database, server) as process:
        seen(lambda: server.taken, "the first thank-you")
        sign(lilas, "b@exemple.fr")
        began = time.monotonic()
        seen(lambda: len(server.taken) == 2, "the second")
        assert time.monotonic() - began < 2.0
        assert psutil.Process(process.pid).memory_info().rss < 130 * 2**20
        seen(lambda: not Delivery.objects.filter(state="claimed").exists(), "written down")
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.HANDED}
    assert Delivery.objects.get(source=f"signature:{first.pk}:thanks").attempts == 1


def test_J14_the_worker_outlives_its_database_sessions(
    lilas: Petition, server: Server, test_database: TestDatabase
) -> None:
    with working(test_database, server) as process:
        sign(lilas, "a@exemple.fr")
        seen(lambda: server.taken, "the first thank-you")
        with psycopg.connect(test_database.server, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> ALL (%s)",
                [test_database.name, [_own_backend()]],
            )
        sign(lilas, "b@exemple.fr")
        seen(lambda: len(server.taken) == 2, "the second")
        app.configure_task("messaging.send_account_mail").defer(
            to="aicha@valmont.example", subject="Votre code", text="123456", html="<p>123456</p>"
        )
        seen(lambda: len(server.taken) == 3, "the account mail")
        assert process.poll() is None
    assert server.recipients == ["a@exemple.fr", "b@exemple.fr", "aicha@valmont.example"]
    assert server.taken[2][2]["Subject"] == "Votre code"


def _own_backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int((cursor.fetchone() or (0,))[0])


def test_mails_wait_for_a_server_that_is_down(
    lilas: Petition, server: Server, test_database: TestDatabase
) -> None:
    server.down()
    with working(test_database, server):
        for n in range(3):
            sign(lilas, f"personne{n}@exemple.fr")
        seen(lambda: Delivery.objects.count() == 3, "queued")
        time.sleep(1.0)
        assert set(Delivery.objects.values_list("state", "attempts")) == {("queued", 0)}
        server.up()
        seen(lambda: len(server.taken) == 3, "sent after")


def test_J13_what_a_killed_worker_had_claimed_leaves_with_the_next(
    lilas: Petition, server: Server, test_database: TestDatabase
) -> None:
    server.script.slow = 30.0
    with working(test_database, server) as process:
        sign(lilas, "a@exemple.fr")
        seen(lambda: Delivery.objects.filter(state="claimed").exists(), "claimed")
        process.kill()
        process.wait()
    assert server.taken == []
    server.script.slow = 0.0
    with working(test_database, server):
        seen(lambda: server.taken, "sent by the next", 30)
    assert server.recipients == ["a@exemple.fr"]


def test_P35_a_dead_address_holds_its_signature(
    lilas: Petition, server: Server, test_database: TestDatabase
) -> None:
    server.script.replies["a@exemple.fr", "rcpt"] = "550 5.1.1 no such user"
    with working(test_database, server):
        signature = sign(lilas, "a@exemple.fr")
        seen(lambda: Signature.objects.get(pk=signature.pk).state == SignatureState.HELD, "held")
    assert Signature.objects.get(pk=signature.pk).reason == HoldReason.BOUNCE


def test_a_job_of_a_killed_worker_starts_again(server: Server, test_database: TestDatabase) -> None:
    app.configure_task("messaging.send_account_mail").defer(
        to="aicha@valmont.example", subject="Votre code", text="123456", html="<p>123456</p>"
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    with working(test_database, server):
        seen(lambda: server.taken, "sent by the next")
        seen(lambda: not _jobs_left(), "nothing kept of it")


def _jobs_left() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args ? 'text'")
        return int((cursor.fetchone() or (0,))[0])
