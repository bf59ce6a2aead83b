"""Where the measures happen: a PostgreSQL of its own, Levier beside the references."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from levier.project.postgres.server import EmbeddedPostgres

SLUG = "banc-d-essai"
START = 30.0  # seconds


class Place:
    """A data folder, its database and the environment of the processes started on it."""

    def __init__(self, folder: Path, database: str = "levier") -> None:
        self.folder, self.server = folder, EmbeddedPostgres(folder)
        self.url = self.server.url(database)
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "BENCH_DATABASE_URL": self.url,
            "LEVIER_DATA": str(folder),
            "LEVIER_SECRET_KEY": secrets.token_urlsafe(40),
            "LEVIER_BASE_URL": self.base,
            "LEVIER_RATE_LIMITS": "off",
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "levier.project.settings",
        }

    def beside(self, database: str) -> "Place":
        """The same server, another database."""
        return Place(self.folder, database)

    def run(self, *arguments: str) -> None:
        """Run a command of Levier's to its end."""
        command = [sys.executable, "-m", "levier.project.cli", *arguments]
        subprocess.run(command, check=True, env=self.environment, stdout=subprocess.DEVNULL)

    @contextmanager
    def levier(self) -> Iterator[psutil.Process]:
        """The web process, as `levier web` runs it."""
        command = [sys.executable, "-m", "levier.project.cli", "web"]
        with self._process(command, f"{self.base}/sante/vivant") as process:
            yield process

    @contextmanager
    def worker(self) -> Iterator[psutil.Process]:
        """The worker, as `levier worker` runs it."""
        command = [sys.executable, "-m", "levier.project.cli", "worker"]
        with self._process(command, None) as process:
            yield process

    @contextmanager
    def reference(self, application: str) -> Iterator[str]:
        """A bare ASGI application behind the same server with the same settings; its address."""
        port = free_port()
        command = [
            *(sys.executable, "-m", "bench.serve", application, str(port)),
        ]
        with self._process(command, f"http://127.0.0.1:{port}/"):
            yield f"http://127.0.0.1:{port}"

    @contextmanager
    def _process(self, command: list[str], address: str | None) -> Iterator[psutil.Process]:
        process = subprocess.Popen(command, env=self.environment)
        try:
            if address is not None:
                wait_for(address)
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(address: str) -> None:
    """Until it answers, whatever it answers."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=2):
                return
        except URLError as error:
            if hasattr(error, "code"):
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit(f"bench : {address} ne répond pas.")


def memory_of(process: psutil.Process) -> int:
    """Bytes of a process and its children, shared pages counted once (PSS)."""
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_full_info().pss for member in family)
