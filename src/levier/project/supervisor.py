"""Runs Levier's processes side by side: tells when one dies, starts it again, stops them all."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

FIRST_WAIT = 0.5  # seconds before the first restart; doubles at each quick death
LONGEST_WAIT = 30.0
STEADY = 60.0  # seconds of life after which earlier deaths are forgotten
PATIENCE = 7.0  # seconds left to the children to stop by themselves
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)  # loaded before any fork


def tell(text: str) -> None:
    """Say something on the console."""
    print(f"levier : {text}", flush=True)


def levier(*arguments: str) -> list[str]:
    """The command line that runs another `levier` command with this same Python."""
    return [sys.executable, "-m", "levier.project.cli", *arguments]


@dataclass(kw_only=True)
class Child:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    due: float = 0.0

    def start(self, environment: dict[str, str]) -> None:
        """Start it in its own session: a Ctrl-C of the console reaches the supervisor alone."""
        self.process = subprocess.Popen(
            self.command,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - this process has one thread
        )
        self.started = time.monotonic()

    def died(self) -> int | None:
        """Its exit code when it has just ended; its own children are ended with it."""
        code = None if self.process is None else self.process.poll()
        if code is not None:
            self.send_all(signal.SIGKILL)
            self.process = None
        return code

    def schedule(self) -> float:
        """Choose when it starts again; returns in how many seconds."""
        now = time.monotonic()
        if now - self.started > STEADY:
            self.wait = FIRST_WAIT
        delay, self.wait = self.wait, min(self.wait * 2, LONGEST_WAIT)
        self.due = now + delay
        return delay

    def send(self, number: int) -> None:
        """Send a signal to the process."""
        if self.process is not None:
            self.process.send_signal(number)

    def send_all(self, number: int) -> None:
        """Send a signal to the process and to those it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


@dataclass(kw_only=True)
class Supervisor:
    """Keeps `children` alive until a signal asks to stop.

    `tick` is called about once a second, for what is not a child: the database, the welcome.
    One thread only: children are forked.
    """

    children: Sequence[Child]
    environment: dict[str, str]
    tick: Callable[[], None]
    stopping: threading.Event = field(default_factory=threading.Event)

    def install_signals(self) -> None:
        """From now on, a signal asks to stop instead of ending this process at once."""
        for number in STOPPING:
            signal.signal(number, self._ask_to_stop)

    def run(self) -> None:
        """Start everything, watch it until asked to stop, then stop it."""
        for child in self.children:
            child.start(self.environment)
        beat = 0
        while not self.stopping.wait(0.1):
            beat += 1
            self._watch()
            if beat % 10 == 0:
                self.tick()
        self.stop()

    def stop(self) -> None:
        """Stop every child, gently then not, within PATIENCE seconds."""
        for child in self.children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for child in self.children:
            if child.process is not None:
                try:
                    child.process.wait(max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    tell(f"« {child.name} » ne s’arrête pas : il est tué.")
                child.send_all(signal.SIGKILL)
                child.process.wait()

    def _watch(self) -> None:
        for child in self.children:
            code = child.died()
            if code is not None:
                tell(f"« {child.name} » {_ending(code)}. Redémarrage dans {child.schedule():g} s.")
            elif child.process is None and time.monotonic() >= child.due:
                child.start(self.environment)
                tell(f"« {child.name} » redémarré.")

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()


def _ending(code: int) -> str:
    if code < 0:
        return f"a été tué par le signal {signal.Signals(-code).name}"
    return f"s’est arrêté (code {code})"


def _die_with_parent() -> None:
    """Linux: ask to be stopped should the supervisor itself be killed. Elsewhere: nothing."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
