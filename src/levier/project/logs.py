"""What the processes write on their output: one line per event, without personal data."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

#: Fields that could carry a person: never written, whoever gives them.
PERSONAL = frozenset(
    {
        *("request", "email", "login", "password", "phone", "first_name", "last_name", "name"),
        *("postal_code", "address", "comment", "ip", "token", "user", "body", "job", "task_kwargs"),
    }
)


MASKED = (
    (re.compile(r"[^\s<>()\"',;:/]+@[^\s<>()\"',;:/]+"), "…@…"),
    # The arguments of a job, as Procrastinate names it: a sign-in code may be among them.
    (re.compile(r"(\b[\w.]+\[\d+\])\(.*\)", re.DOTALL), r"\1(…)"),
    # What PostgreSQL quotes of the rows it refuses.
    (re.compile(r"^(DETAIL|CONTEXT|HINT):.*$", re.MULTILINE), r"\1: …"),
    # A secret in an address: long, without spaces, with a capital, which no slug has.
    (re.compile(r"(?<=/)(?=[\w.:=-]*[A-Z])[\w.:=-]{16,}"), "…"),
)


def without_people(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Drop the fields that could carry a person; mask addresses and secrets in the others."""
    for name in PERSONAL & event.keys():
        del event[name]
    for name, value in event.items():
        if isinstance(value, str):
            for pattern, mask in MASKED:
                value = pattern.sub(mask, value)
            event[name] = value
    return event


def without_visitors_traces(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A strange request (a Host that is not ours, too many fields) is the visitor's doing: one
    line tells it, and no trace of our code."""
    if str(event.get("logger", "")).startswith("django.security"):
        event.pop("exc_info", None)
    return event


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        without_visitors_traces,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,  # text, without the values of variables
        without_people,
    ]


def logging_settings(log_format: str) -> dict[str, Any]:
    """Django's `LOGGING` for a format (`console` or `json`); sets structlog up as well."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    render: list[Processor] = (
        [structlog.processors.JSONRenderer(ensure_ascii=False)]
        if log_format == "json"
        else [structlog.dev.ConsoleRenderer(colors=False)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared(),
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
            }
        },
        "handlers": {
            "output": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "line",
            }
        },
        "root": {"handlers": ["output"], "level": "INFO"},
        "loggers": {
            # A 404 is no news, and its line would quote an address which may hold a secret link.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING"},
            "django.security": {"level": "ERROR"},
            "procrastinate": {"level": "WARNING"},
            "psycopg.pool": {"level": "ERROR"},
            "_granian": {"level": "WARNING"},
        },
    }
