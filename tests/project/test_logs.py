"""One line per event, and nobody in it."""

import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost

from levier.project.logs import logging_settings


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave logging as the settings want it."""
    yield
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.parametrize("form", ["console", "json"])
def test_an_event_is_one_line(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(logging_settings(form))
    structlog.get_logger("levier.test").info("mails sent", count=3)
    logging.getLogger("levier.other").warning("slow by %s s", 2)
    first, second = capsys.readouterr().out.splitlines()
    assert "mails sent" in first
    assert "slow by 2 s" in second
    if form == "json":
        assert json.loads(first)["count"] == 3
        assert json.loads(second)["level"] == "warning"


@pytest.mark.parametrize("form", ["console", "json"])
def test_nobody_is_in_the_log(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(logging_settings(form))
    log = structlog.get_logger("levier.test")
    log.info("signed", email="paul@exemple.fr", first_name="Paul", petition=7)
    log.info("mail to paul@exemple.fr refused")
    logging.getLogger("django.request").error("Internal Server Error: %s", "/moi/Zk3qYw81Lp0_TcBv/")
    refusal = "duplicate key\nDETAIL:  Key (email)=(paul@exemple.fr) already exists."
    try:
        raise ValueError(refusal)
    except ValueError:
        log.exception("failed")
    told = capsys.readouterr().out
    assert "signed" in told
    assert "duplicate key" in told
    for trace in ("paul@", "exemple.fr", "Paul", "Zk3qYw81Lp0_TcBv", "already exists"):
        assert trace not in told


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_slug_stays_readable(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(logging_settings(form))
    logging.getLogger("django.request").error("Failure: %s", "/petitions/rue-des-lilas/")
    assert "/petitions/rue-des-lilas/" in capsys.readouterr().out


def test_what_a_job_was_given_is_not_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(logging_settings("console"))
    job = "messaging.send_account_mail[12](subject='Votre code', text='code (\n123456)')"
    logging.getLogger("procrastinate.worker").error("Job %s ended with status: Error", job)
    told = capsys.readouterr().out
    assert "messaging.send_account_mail[12](…) ended with status: Error" in told
    assert "123456" not in told


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_strange_request_is_one_line(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(logging_settings(form))
    try:
        raise DisallowedHost("Invalid HTTP_HOST header: 'ailleurs.example'")
    except DisallowedHost as error:
        log = logging.getLogger("django.security.DisallowedHost")
        log.error(str(error), exc_info=error)
    (line,) = capsys.readouterr().out.splitlines()
    assert "ailleurs.example" in line
    assert "Traceback" not in line
