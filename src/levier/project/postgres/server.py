"""The embedded PostgreSQL: start it, find it again, stop it when its last user leaves."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from levier.project.locks import FileLock
from levier.project.postgres.configuration import INCLUDE, configuration_text
from levier.project.postgres.errors import PostgresCannotRun
from levier.project.postgres.place import (
    SOCKET_NAME,
    Place,
    data_folder,
    prepare_place,
    socket_folder,
)
from levier.project.postgres.programs import MAJOR

RECOVERY = 600  # seconds a start may take: replaying the log after a power cut
SHUTDOWN = 60
ORPHANS = 15  # seconds left to the children of a killed server


class EmbeddedPostgres:
    """The server whose data is in `folder/postgres`, shared by every process that joins it.

    Whoever uses it holds a shared lock on `folder/postgres.lock`: the last one to leave stops the
    server, and a user that was killed counts no more.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable
        self._users = FileLock(folder / "postgres.lock")
        self._change = FileLock(folder / "postgres.change.lock")

    def url(self, database: str = "levier", *, role: str = "levier") -> str:
        """The address of one database, known without starting anything."""
        sockets = socket_folder(data_folder(self.folder))
        return f"postgresql://{role}@/{database}?host={quote(str(sockets), safe='')}"

    def join(self) -> None:
        """Start the server if it is not running, and keep it from being stopped by others.

        Raises PostgresCannotRun with a French sentence.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._change:
                place = prepare_place(self.folder)
                self._users.acquire(shared=True)
                self._start(place)
        except OSError as error:
            raise PostgresCannotRun(
                f"le dossier {error.filename or self.folder} ne peut servir ({error.strerror}) : "
                "donnez à ce compte le droit d’y écrire, ou un autre dossier par LEVIER_DATA."
            ) from error

    def leave(self) -> bool:
        """Stop using the server; it stops when nobody else uses it. True if it was stopped."""
        with self._change:
            alone = self._users.acquire(wait=False)
            try:
                if alone and self.process() is not None:
                    place = prepare_place(self.folder)
                    place.run(
                        "pg_ctl", "stop", "-D", str(place.data), "-m", "fast", "-t", str(SHUTDOWN)
                    )
                    if place.sockets != place.data:
                        place.sockets.rmdir()
            finally:
                self._users.release()
        return alone

    @contextmanager
    def joined(self) -> Iterator[str]:
        """Use the server for the time of a block; gives its address."""
        self.join()
        try:
            yield self.url()
        finally:
            self.leave()

    def process(self) -> psutil.Process | None:
        """The running server, never a stranger that was given the number of a dead one."""
        data = data_folder(self.folder)
        try:
            number = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(number)
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None
        return process if _serves(process, data) else None

    def ensure_running(self) -> bool:
        """For a user of the server: start it again if it fell. True if it had to be started."""
        with self._change:
            if self.process() is not None:
                return False
            self._start(prepare_place(self.folder))
        return True

    def _start(self, place: Place) -> None:
        if self.process() is None:
            if not (place.data / "PG_VERSION").exists():
                _initialise(place)
            _check_version(place.data)
            _clear_after_death(place)
            configuration = configuration_text(sockets=place.sockets, durable=self.durable)
            (place.data / "levier.conf").write_text(configuration)
            _launch(place)
        self._ensure_database()

    def _ensure_database(self) -> None:
        with psycopg.connect(self.url("postgres", role="postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = 'levier'").rowcount:
                connection.execute("CREATE ROLE levier LOGIN CREATEDB")
            if not connection.execute("SELECT FROM pg_database WHERE datname = 'levier'").rowcount:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER levier").format(sql.Identifier("levier"))
                )


def _serves(process: psutil.Process, data: Path) -> bool:
    """Whether this is a living PostgreSQL process working in that data folder."""
    try:
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and process.name() == "postgres" and Path(process.cwd()) == data
    except psutil.Error:
        return False


def _clear_after_death(place: Place) -> None:
    """Remove what a killed server left. Its children must be gone first: they write the data."""
    left = place.data / "postmaster.pid"
    if not left.exists():
        return
    for _ in range(ORPHANS * 10):
        if not any(_serves(process, place.data) for process in psutil.process_iter()):
            break
        time.sleep(0.1)
    else:
        raise PostgresCannotRun(
            f"des processus PostgreSQL d’un arrêt brutal tiennent encore {place.data} : "
            "arrêtez-les, puis relancez."
        )
    left.unlink()
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (place.sockets / name).unlink(missing_ok=True)


def _initialise(place: Place) -> None:
    """Make a new cluster. Collation: the built-in C.UTF-8, which no system library can change."""
    place.run(
        "initdb",
        *("--pgdata", str(place.data), "--username", "postgres", "--encoding", "UTF8"),
        *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
        *("--auth", "trust"),  # the socket is inside a folder nobody else can enter
        "--no-instructions",
    )
    with (place.data / "postgresql.conf").open("a") as file:
        file.write(INCLUDE)


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != str(MAJOR):
        raise PostgresCannotRun(
            f"la base de {data} vient de PostgreSQL {found}, or cette version de Levier apporte "
            f"PostgreSQL {MAJOR} : restaurez une sauvegarde dans un dossier neuf."
        )


def _launch(place: Place) -> None:
    log = place.data / "start.log"
    log.unlink(missing_ok=True)
    try:
        place.run(
            *("pg_ctl", "start", "-D", str(place.data), "-l", str(log)),
            *("-w", "-t", str(RECOVERY)),
            timeout=RECOVERY + 30,
        )
    except PostgresCannotRun as error:
        told = log.read_text(errors="replace").strip() if log.exists() else ""
        raise PostgresCannotRun(f"PostgreSQL n’a pas démarré.\n{error}\n{told}") from error
