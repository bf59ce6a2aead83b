"""A whole Levier in its own processes, with a mail server that can be taken down, and a crowd."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from json import loads
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.foundation.messaging.server import Script, Server
from tests.prepared import Prepared
from tests.running import Running, Site, free_port, fresh_variables, running, wait_for

SLUG = "piste-cyclable-rue-des-lilas"
SIGN = f"/petitions/{SLUG}/signer/"
SEED = """
from tests.cast import *
valmont = make_organisation()
aicha = make_user("aicha@valmont.example", "Aïcha Benali", valmont)
make_petition(make_campaign(valmont), aicha)
"""
TEAM = "@valmont.example"
ROOT = Path(__file__).resolve().parents[2]


class Sink:
    """A mail server that keeps which signatories it was given mail for, and can be stopped."""

    def __init__(self) -> None:
        self.port = free_port()
        self.received: list[str] = []
        self.identifiers: list[str] = []
        self._controller: Controller | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if all(to.endswith(TEAM) for to in envelope.rcpt_tos):
            return "250 2.0.0 kept"  # such as an alert about so many signatures
        self.received.extend(envelope.rcpt_tos)
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        for line in raw.split(b"\r\n"):
            if line.lower().startswith(b"message-id:"):
                self.identifiers.append(line.decode())
                break
        return "250 2.0.0 kept"

    def start(self) -> None:
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=True
        )
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


@dataclass
class Crowd:
    """People who sign at once, each once, until told to stop. Keeps what was acknowledged."""

    site: Site
    people: int = 12
    acknowledged: dict[str, int] = field(default_factory=dict)  # e-mail → number
    unanswered: list[str] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._serial = count(1)
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._sign) for _ in range(self.people)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _sign(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                email = f"personne{next(self._serial)}@courriel.example"
            self._one(email)

    def _one(self, email: str) -> None:
        fields = {
            "first_name": "Camille",
            "last_name": "Roche",
            "email": email,
            "postal_code": "35000",
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        connection = HTTPConnection("127.0.0.1", self.site.port, timeout=20)
        try:
            connection.request("POST", SIGN, urlencode(fields), headers)
            response = connection.getresponse()
            self._keep(email, response.status, response.read())
        except (OSError, HTTPException):
            with self._lock:
                self.unanswered.append(email)
            self._stop.wait(0.05)
        finally:
            connection.close()

    def _keep(self, email: str, status: int, body: bytes) -> None:
        with self._lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1
            if status == 201:
                self.acknowledged[email] = loads(body)["number"]
        if status != 201:
            self._stop.wait(0.05)

    def has(self, signatures: int) -> "Crowd":
        """Wait until so many were acknowledged."""
        wait_for(lambda: len(self.acknowledged) >= signatures, f"{signatures} signatures", 60)
        return self


@dataclass
class Whole:
    """Levier up, with its console, its database and its mail."""

    console: Running
    site: Site
    sink: Sink

    def process(self, name: str) -> psutil.Process:
        """The child process `levier <name>`."""

        def look() -> psutil.Process | None:
            for child in psutil.Process(self.console.process.pid).children(recursive=True):
                try:
                    if child.cmdline()[-1] == name:
                        return child
                except (psutil.NoSuchProcess, IndexError):
                    continue
            return None

        return wait_for(look, f"the process {name}")

    def kill(self, name: str) -> int:
        """kill -9 the process and all it started; its pid."""
        parent = self.process(name)
        for one in [*parent.children(recursive=True), parent]:
            one.kill()
        return parent.pid

    def postmaster(self) -> int:
        return int(next(self.site.data.rglob("postmaster.pid")).read_text().split("\n")[0])

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(query, values).fetchall()

    @property
    def database_url(self) -> str:
        found = self.process("web").environ()["DATABASE_URL"]
        return found.replace("postgres://", "postgresql://")

    def run(self, *arguments: str) -> str:
        """Another `levier` command beside the running ones."""
        variables = fresh_variables(self.site.data, self.site.port)
        variables |= {"DATABASE_URL": self.database_url, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "-m", "levier.project.cli", *arguments],
            env=variables,
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
        ).stdout

    def ready(self) -> None:
        wait_for(self.site.answers, "the site ready", 60)


@contextmanager
def whole(data: Path) -> Iterator[Whole]:
    sink = Sink()
    sink.start()
    email = f"smtp://127.0.0.1:{sink.port}"
    options = {"LEVIER_EMAIL_URL": email, "LEVIER_RATE_LIMITS": "off"}
    with running("up", data, **options) as (console, site):
        console.says("le site répond")
        levier = Whole(console, site, sink)
        levier.run("shell", "-c", SEED)
        levier.ready()
        yield levier
    sink.stop()


@pytest.fixture
def levier(tmp_path: Path, prepared: Prepared) -> Iterator[Whole]:
    """A fresh Levier with one open petition, and no signature."""
    with whole(prepared(tmp_path)) as found:
        yield found


def check_the_books(levier: Whole, crowd: Crowd) -> None:
    """Every acknowledged signature is there with its number; numbers are 1…n; the log holds."""
    kept = dict(
        levier.rows(
            "SELECT c.canonical, s.number FROM levier_signature s"
            " JOIN levier_contactpoint c ON c.id = s.contact_point_id"
        )
    )
    lost = {email: n for email, n in crowd.acknowledged.items() if kept.get(email) != n}
    assert lost == {}
    assert sorted(kept.values()) == list(range(1, len(kept) + 1))
    ((last, counted),) = levier.rows("SELECT last_number, counted FROM levier_tally")
    assert (last, counted) == (len(kept), len(kept))
    verified = levier.run(
        "shell",
        "-v0",
        "-c",
        "from levier.foundation.accounts.models import Organisation;"
        "from levier.foundation.ledger.queries import verify_chain;"
        "print(verify_chain(Organisation.objects.get().pk))",
    )
    assert verified.strip().endswith("None")
    ((leaves,),) = levier.rows("SELECT count(*) FROM levier_entry WHERE kind = 1")
    assert leaves == len(kept)


def check_the_thanks(levier: Whole, crowd: Crowd, seconds: float = 90) -> None:
    """Everyone who was acknowledged was thanked."""
    wait_for(
        lambda: set(crowd.acknowledged) <= set(levier.sink.received),
        "a thank-you for every acknowledged signature",
        seconds,
    )


@pytest.fixture
def server() -> Iterator[Server]:
    """A mail server that does what a test tells it to."""
    with Server(Script(reads=False)) as running_one:
        yield running_one
