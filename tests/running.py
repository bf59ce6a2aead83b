"""A real Levier: processes started by the command line, spoken to through HTTP and SMTP."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

Found = TypeVar("Found")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(found: Callable[[], Found | None], what: str, seconds: float = 30.0) -> Found:
    """Poll until something is found; fails with `what` was awaited. Never a measure of speed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not seen in {seconds} s: {what}")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(kw_only=True)
class Site:
    """Where a running Levier listens."""

    port: int
    data: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, **headers: str
    ) -> Answer:
        """One request on a connection of its own. Raises OSError when nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
        except HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, content)

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/sante/pret").status == 200
        except OSError:
            return False


@dataclass(kw_only=True)
class Mail:
    """One message the sink received."""

    to: list[str]
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)

    def link(self, path: str) -> str:
        """The path of the first link of that kind, such as "/confirmer/"."""
        found = re.search(re.escape(path) + r"[^\s\"')>]+", self.text)
        assert found, f"no {path} in {self.text}"
        return found[0]


def mails_in(file: Path) -> Iterator[Mail]:
    """The messages kept by the sink, oldest first."""
    if not file.exists():
        return
    for line in file.read_text().splitlines():
        one = json.loads(line)
        to = one["to"] if isinstance(one["to"], list) else [one["to"]]
        yield Mail(to=to, **{key: one[key] for key in ("subject", "text", "html", "headers")})


class Running:
    """A `levier` command with its console read as it comes."""

    def __init__(self, command: list[str], variables: dict[str, str]) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "levier.project.cli", *command],
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def console(self) -> str:
        return "\n".join(self.lines)

    def says(self, words: str, seconds: float = 120.0) -> None:
        """Wait until the console holds these words, or fail with all it said."""

        def said() -> bool:
            if words not in self.console and self.process.poll() is not None:
                raise AssertionError(f"stopped before saying « {words} »:\n{self.console}")
            return words in self.console

        try:
            wait_for(said, words, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.console}") from error

    def stop(self, seconds: float = 20.0) -> int:
        """Ask it to stop as Ctrl-C would; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(seconds)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)


def fresh_variables(data: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of a new user: nothing of the tests' own settings or database."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LEVIER_", "DJANGO_")) and name != "DATABASE_URL"
    }
    return {**kept, "PORT": str(port), "LEVIER_DATA": str(data), **more}


@contextmanager
def running(command: str, data: Path, **more: str) -> Iterator[tuple[Running, Site]]:
    """`levier up` or `levier demo` on a data folder and a port of its own, stopped at the end."""
    site = Site(port=free_port(), data=data)
    started = Running([command], fresh_variables(data, site.port, **more))
    try:
        yield started, site
    finally:
        started.stop()
