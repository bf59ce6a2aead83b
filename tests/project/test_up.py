"""`levier up`, with its processes for real."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.prepared import Prepared
from tests.running import Running, Site, fresh_variables, running, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Site]]:
    data = tmp_path_factory.mktemp("up")
    with running("up", data, LEVIER_RATE_LIMITS="off") as (console, site):
        console.says("le site répond")
        yield console, site


def _child(console: Running, name: str) -> psutil.Process | None:
    for process in psutil.Process(console.process.pid).children():
        if process.status() != psutil.STATUS_ZOMBIE and process.cmdline()[-1:] == [name]:
            return process
    return None


def test_it_tells_its_address_and_its_dangers(up: tuple[Running, Site]) -> None:
    console, site = up
    assert f"http://127.0.0.1:{site.port}/" in console.lines[-1]
    assert "ATTENTION : LEVIER_RATE_LIMITS=off" in console.console
    assert site.ask("GET", "/sante/vivant").status == 200


def test_a_second_start_on_the_folder_is_refused(up: tuple[Running, Site]) -> None:
    console, site = up
    told = subprocess.run(
        [sys.executable, "-m", "levier.project.cli", "up"],
        env=fresh_variables(site.data, 1),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 2
    assert f"tourne déjà sur {site.data} (processus {console.process.pid})" in told.stderr


def test_a_command_uses_the_running_database(up: tuple[Running, Site]) -> None:
    _, site = up
    told = subprocess.run(
        [sys.executable, "-m", "levier.project.cli", "migrate", "--check"],
        env=fresh_variables(site.data, 1),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert site.answers()


def test_the_worker_gives_way_to_the_web(up: tuple[Running, Site]) -> None:
    console, _ = up
    web = wait_for(lambda: _child(console, "web"), "web")
    worker = wait_for(lambda: _child(console, "worker"), "worker")
    assert worker.nice() > web.nice()


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those still at work: a zombie only waits for its parent to read how it ended."""
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_killed_process_is_told_and_restarted(up: tuple[Running, Site], name: str) -> None:
    console, site = up
    killed = wait_for(lambda: _child(console, name), name)
    below = killed.children(recursive=True)
    killed.kill()
    wait_for(lambda: f"« {name} » a été tué par le signal SIGKILL" in console.console, "told")
    wait_for(lambda: _child(console, name), f"another {name}")
    wait_for(site.answers, "the site again")
    assert not alive(below)


def test_a_killed_database_is_told_and_restarted(up: tuple[Running, Site]) -> None:
    console, site = up
    pid = int((site.data / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: "PostgreSQL est de nouveau prêt." in console.console, "told")
    wait_for(site.answers, "the site again")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_of_it(
    tmp_path: Path, prepared: Prepared, number: signal.Signals
) -> None:
    with running("up", prepared(tmp_path / "var")) as (console, site):
        console.says("le site répond")
        family = psutil.Process(console.process.pid).children(recursive=True)
        database = int((site.data / "postgres" / "postmaster.pid").read_text().split("\n")[0])
        assert len(family) >= 3
        started = time.monotonic()
        console.process.send_signal(number)
        assert console.process.wait(15) == 0
        assert time.monotonic() - started < 10
        wait_for(lambda: "tout est arrêté." in console.console, "the last word")
        assert not alive(family)
        assert not (site.data / "postgres" / "postmaster.pid").exists()
        assert not psutil.pid_exists(database) or (
            psutil.Process(database).status() == psutil.STATUS_ZOMBIE
        )


def test_a_killed_supervisor_leaves_nothing_in_the_way(tmp_path: Path, prepared: Prepared) -> None:
    with running("up", prepared(tmp_path / "var")) as (console, site):
        console.says("le site répond")
        family = psutil.Process(console.process.pid).children(recursive=True)
        console.process.kill()
        wait_for(lambda: not [one for one in family if _lives(one)], "the children's end")
    with running("up", tmp_path / "var") as (console, site):
        console.says("le site répond")
        assert site.answers()


def _lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_a_port_already_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = subprocess.run(
            [sys.executable, "-m", "levier.project.cli", "up"],
            env=fresh_variables(tmp_path, taken.getsockname()[1]),
            capture_output=True,
            text=True,
            check=False,
        )
    assert told.returncode == 2
    assert "PORT : l’adresse 127.0.0.1:" in told.stderr
