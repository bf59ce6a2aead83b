"""The embedded PostgreSQL, for real: each test has a server of its own."""

import os
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from levier.project.postgres.errors import PostgresCannotRun
from levier.project.postgres.place import LONGEST_SOCKET, data_folder, socket_folder
from levier.project.postgres.server import EmbeddedPostgres

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def _ask(server: EmbeddedPostgres, query: str) -> object:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "var", durable=False)
    yield server
    server.leave()


def test_it_is_made_started_found_again_and_stopped(server: EmbeddedPostgres) -> None:
    server.join()
    assert _ask(server, "SELECT current_user") == "levier"
    assert _ask(server, "SELECT usesuper FROM pg_user WHERE usename = current_user") is False
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 8686 AS n")
    assert server.leave() is True
    assert server.process() is None
    server.join()
    assert _ask(server, "SELECT n FROM kept") == 8686


def test_it_is_set_for_the_work(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "var").joined() as url, psycopg.connect(url) as connection:
        found = {
            name: connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            for name in ("shared_buffers", "fsync", "synchronous_commit", "jit", "listen_addresses")
        }
    assert found == {
        "shared_buffers": ("256MB",),
        "fsync": ("on",),
        "synchronous_commit": ("on",),
        "jit": ("off",),
        "listen_addresses": ("",),
    }


def test_ones_own_settings_win(server: EmbeddedPostgres) -> None:
    server.join()
    server.leave()
    (data_folder(server.folder) / "local.conf").write_text("work_mem = '5MB'\n")
    server.join()
    assert _ask(server, "SHOW work_mem") == "5MB"


def test_nobody_else_can_enter(server: EmbeddedPostgres) -> None:
    server.join()
    data = data_folder(server.folder)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert socket_folder(data) == data


def test_accents_are_letters(server: EmbeddedPostgres) -> None:
    server.join()
    assert _ask(server, "SELECT upper('aïcha é')") == "AÏCHA É"


def test_the_last_user_to_leave_stops_it(server: EmbeddedPostgres) -> None:
    server.join()
    other = EmbeddedPostgres(server.folder)
    other.join()
    assert server.leave() is False
    assert _ask(other, "SELECT 1") == 1
    assert other.leave() is True
    assert other.process() is None


def test_a_killed_server_starts_again(server: EmbeddedPostgres) -> None:
    server.join()
    assert server.ensure_running() is False
    process = server.process()
    assert process is not None
    process.kill()
    while server.process() is not None:
        time.sleep(0.05)
    assert server.ensure_running() is True
    assert _ask(server, "SELECT 1") == 1


def test_a_stale_pid_given_to_somebody_else_is_no_server(server: EmbeddedPostgres) -> None:
    server.join()
    pid_file = data_folder(server.folder) / "postmaster.pid"
    content = pid_file.read_text()
    server.leave()
    pid_file.write_text(content.replace(content.split("\n", 1)[0], str(os.getpid()), 1))
    server.join()
    assert _ask(server, "SELECT 1") == 1
    assert psutil.pid_exists(os.getpid())


@pytest.mark.parametrize("name", ["with space, and 'quotes'", "long" * 30, "accentué"])
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    server = EmbeddedPostgres(tmp_path / name, durable=False)
    with server.joined():
        assert _ask(server, "SELECT 1") == 1
    sockets = socket_folder(data_folder(server.folder))
    assert len(os.fsencode(sockets / ".s.PGSQL.5432")) <= LONGEST_SOCKET
    assert sockets == data_folder(server.folder) or not sockets.exists()


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PostgresCannotRun, match="LEVIER_DATA"):
        EmbeddedPostgres(tmp_path / "file" / "var").join()


def test_another_version_is_told(server: EmbeddedPostgres) -> None:
    server.join()
    server.leave()
    (data_folder(server.folder) / "PG_VERSION").write_text("17\n")
    with pytest.raises(PostgresCannotRun, match="PostgreSQL 17"):
        server.join()


@AS_ROOT
def test_a_closed_home_stays_closed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    server = EmbeddedPostgres(home / "var", durable=False)
    try:
        with server.joined():
            assert _ask(server, "SELECT 1") == 1
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        elsewhere = (home / "var" / "postgres").resolve()
        assert elsewhere.is_relative_to("/var/lib/levier")
    finally:
        subprocess.run(["rm", "-rf", data_folder(server.folder)], check=True)


@AS_ROOT
def test_data_that_went_away_are_not_replaced_silently(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "postgres").symlink_to(tmp_path / "gone")
    with pytest.raises(PostgresCannotRun, match="n’existe plus"):
        EmbeddedPostgres(tmp_path / "var").join()


@AS_ROOT
def test_without_being_root(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    os.chown(tmp_path / "mine", 65534, 65534)
    server = EmbeddedPostgres(tmp_path / "mine" / "var", durable=False)
    with server.joined():  # as root first: everything is imported, the owner is kept
        owner = (tmp_path / "mine" / "var").stat().st_uid
    assert owner == 0
    subprocess.run(["rm", "-rf", tmp_path / "mine" / "var"], check=True)
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        try:
            with server.joined():
                answer = _ask(server, "SELECT 86")
            os._exit(answer if isinstance(answer, int) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 86
    assert (data_folder(server.folder) / "PG_VERSION").stat().st_uid == 65534


@AS_ROOT
def test_data_whose_account_is_gone_are_given_to_a_new_one(server: EmbeddedPostgres) -> None:
    server.join()
    server.leave()
    data = data_folder(server.folder)
    for path in (data, *data.rglob("*")):
        os.chown(path, 54321, 54321)
    server.join()
    assert _ask(server, "SELECT 1") == 1
    assert data.stat().st_uid != 54321
