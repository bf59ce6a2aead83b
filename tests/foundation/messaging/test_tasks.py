"""Mails to the team: one job each, patient for half an hour."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.testing import InMemoryConnector

from levier.foundation.messaging.channels.smtp import RouteDown
from levier.foundation.messaging.tasks.account_mail import (
    HalfAnHour,
    NotNow,
    Refused,
    send_account_mail,
)
from tests.foundation.messaging.server import Server

MAIL = {
    "to": "aicha@valmont.example",
    "subject": "Votre code\r\nBcc: x@y.z",
    "text": "Votre code\u00a0: 123456\n",
    "html": "<p>123456</p>",
}


def run(connector: InMemoryConnector) -> None:
    """Defer one mail and work until nothing is due."""

    async def work() -> None:
        with app.replace_connector(connector) as jobs:
            if not jobs_of(connector):
                await send_account_mail.defer_async(**MAIL)
            await jobs.run_worker_async(wait=False, install_signal_handlers=False)

    asyncio.run(work())


def jobs_of(connector: InMemoryConnector) -> list[dict[str, Any]]:
    """Ours: the worker adds those that come back by the clock."""
    return [job for job in connector.jobs.values() if job["task_name"] == send_account_mail.name]


def due_again(connector: InMemoryConnector) -> None:
    for job in jobs_of(connector):
        job["scheduled_at"] = timezone.now() - timedelta(seconds=1)


@pytest.fixture
def connector(server: Server, settings: LazySettings) -> InMemoryConnector:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
    return InMemoryConnector()


def test_it_arrives(server: Server, connector: InMemoryConnector) -> None:
    run(connector)
    ((sender, recipient, mail),) = server.taken
    assert (sender, recipient) == ("ne-pas-repondre@testserver", "aicha@valmont.example")
    assert mail["From"] == "Levier <ne-pas-repondre@testserver>"
    assert mail["Subject"] == "Votre code Bcc: x@y.z"
    assert mail["Bcc"] is None


def test_J20_a_4xx_is_tried_again_with_the_same_identity(
    server: Server, connector: InMemoryConnector
) -> None:
    server.script.cut_after_dot = {"aicha@valmont.example"}
    run(connector)
    (job,) = jobs_of(connector)
    assert (job["status"], job["attempts"]) == ("todo", 1)
    server.script.replies["aicha@valmont.example", "rcpt"] = "450 4.2.1 later"
    due_again(connector)
    run(connector)
    assert (job["status"], job["attempts"]) == ("todo", 2)
    server.script.replies.clear()
    due_again(connector)
    run(connector)
    assert job["status"] == "succeeded"
    assert len({mail["Message-ID"] for _, _, mail in server.taken}) == 1


def test_a_server_that_is_down_is_waited_for(server: Server, connector: InMemoryConnector) -> None:
    server.down()
    run(connector)
    (job,) = jobs_of(connector)
    assert job["status"] == "todo"
    server.up()
    due_again(connector)
    run(connector)
    assert len(server.taken) == 1


def test_a_refusal_is_final(server: Server, connector: InMemoryConnector) -> None:
    server.script.replies["aicha@valmont.example", "rcpt"] = "550 5.1.1 unknown"
    run(connector)
    (job,) = jobs_of(connector)
    assert job["status"] == "failed"


def test_patience_lasts_about_half_an_hour() -> None:
    strategy, waited, attempts = HalfAnHour(), 0.0, 0

    def job(attempts: int) -> Job:
        return Job(id=1, queue="", lock=None, queueing_lock=None, task_name="", attempts=attempts)

    while decision := strategy.get_retry_decision(exception=NotNow(), job=job(attempts)):
        assert decision.retry_at is not None
        waited += (decision.retry_at - timezone.now()).total_seconds()
        attempts += 1
    assert 25 * 60 < waited < 40 * 60
    for error, tried in ((RouteDown(), True), (Refused(), False), (ValueError(), False)):
        assert bool(strategy.get_retry_decision(exception=error, job=job(0))) is tried
