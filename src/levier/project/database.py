"""From a libpq address to Django's own way of describing a database."""

from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

POOL = {"min_size": 1, "max_size": 8, "timeout": 5}  # seconds before PoolTimeout, so 503
CONNECT_TIMEOUT = 5


def database_settings(url: str) -> dict[str, Any]:
    """The `default` database for an address of PostgreSQL, any libpq parameter allowed.

    Raises ValueError when libpq cannot read the address.
    """
    try:
        parts = dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError as error:
        raise ValueError(str(error)) from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": str(parts.pop("dbname", None) or "levier"),
        "USER": str(parts.pop("user", None) or ""),
        "PASSWORD": str(parts.pop("password", None) or ""),
        "HOST": str(parts.pop("host", None) or ""),
        "PORT": str(parts.pop("port", None) or ""),
        "ATOMIC_REQUESTS": True,
        "CONN_HEALTH_CHECKS": True,  # connections left by a restarted server are replaced
        "OPTIONS": {
            "connect_timeout": CONNECT_TIMEOUT,
            "application_name": "levier",
            **parts,
            "pool": dict(POOL),
        },
    }
