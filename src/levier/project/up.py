"""`levier up` and `levier demo`: everything on one machine, from the database to the welcome."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException

from levier.project.environment import Environment, WrongEnvironment, read_environment
from levier.project.locks import FileLock
from levier.project.postgres.errors import PostgresCannotRun
from levier.project.postgres.server import EmbeddedPostgres
from levier.project.supervisor import Child, Supervisor, levier, tell

ALIVE = "/sante/vivant"
PROCESSES = ("web", "worker")
DEMO_PROCESSES = ("demo-mailbox", *PROCESSES)


def main() -> int:
    """Start the database, migrate it, serve and work until asked to stop."""
    return _up(read_environment(), demo=False)


def demo() -> int:
    """The same with demonstration data, its own mailbox, and the main job played once."""
    environment = read_environment()
    mailbox = os.environ.get("LEVIER_EMAIL_URL") or f"smtp://127.0.0.1:{_free_port()}"
    return _up(replace(environment, demo=True, email_url=mailbox), demo=True)


@dataclass(kw_only=True)
class Welcome:
    """Tells the address once the site answers; in a demo, plays the main job before."""

    environment: Environment
    variables: dict[str, str]
    demo: bool
    play: subprocess.Popen[bytes] | None = None
    told: bool = False

    def look(self) -> None:
        """One step further, without ever waiting long."""
        if self.told or (self.play is None and not _answers(self.environment)):
            return
        if self.demo and self.play is None:
            self.play = _start(levier("demo_play"), self.variables)
        elif self.play is None or self.play.poll() is not None:
            if self.play is not None and self.play.returncode:
                tell("la démonstration s’est arrêtée avant la fin.")
            tell(f"le site répond : {self.environment.base_url}/ (Ctrl-C pour tout arrêter)")
            self.told = True

    def stop(self) -> None:
        """End the demonstration if it is still playing."""
        if self.play is not None and self.play.poll() is None:
            self.play.kill()
            self.play.wait()


def _up(environment: Environment, *, demo: bool) -> int:
    with _only_one(environment):
        _check_port(environment)
        if not environment.rate_limits:
            tell("ATTENTION : LEVIER_RATE_LIMITS=off. Plus rien ne freine les abus.")
        server = None if environment.database_url else EmbeddedPostgres(environment.data)
        variables = _variables(environment, server)
        welcome = Welcome(environment=environment, variables=variables, demo=demo)
        names = DEMO_PROCESSES if demo else PROCESSES
        supervisor = Supervisor(
            children=[Child(name=name, command=levier(name)) for name in names],
            environment=variables,
            tick=lambda: _look_after(server, welcome),
        )
        supervisor.install_signals()
        try:
            return _serve(supervisor, server, ["prepare", "demo_load"] if demo else ["prepare"])
        finally:
            welcome.stop()
            if server is not None:
                server.leave()
            tell("tout est arrêté.")


def _serve(supervisor: Supervisor, server: EmbeddedPostgres | None, before: list[str]) -> int:
    if server is not None:
        server.join()
        tell("PostgreSQL est prêt.")
    for name in before:
        step = _start(levier(name), supervisor.environment)
        while step.poll() is None:
            if supervisor.stopping.wait(0.1):
                step.send_signal(signal.SIGTERM)
                step.wait()
                return 0
        if step.returncode:
            tell("la préparation a échoué ; le message ci-dessus dit pourquoi.")
            return 1
    supervisor.run()
    return 0


def _look_after(server: EmbeddedPostgres | None, welcome: Welcome) -> None:
    if server is not None and server.process() is None:
        tell("PostgreSQL s’est arrêté. Redémarrage.")
        try:
            server.ensure_running()
            tell("PostgreSQL est de nouveau prêt.")
        except PostgresCannotRun as error:
            tell(str(error))
    welcome.look()


@contextmanager
def _only_one(environment: Environment) -> Iterator[None]:
    """Refuse a second start on the same data folder, whoever holds it."""
    try:
        environment.data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(environment.data / "levier.lock")
        free = lock.acquire(wait=False)
    except OSError as error:
        mend = f"le dossier {environment.data} ne peut être ouvert en écriture ({error.strerror})."
        raise WrongEnvironment("LEVIER_DATA", mend) from error
    if not free:
        raise PostgresCannotRun(
            f"« levier » tourne déjà sur {environment.data} (processus {lock.read()}). "
            "Arrêtez-le d’abord, ou donnez un autre dossier par LEVIER_DATA."
        )
    with lock:
        lock.write(str(os.getpid()))
        yield


def _variables(environment: Environment, server: EmbeddedPostgres | None) -> dict[str, str]:
    """What the children are told: where the database is, and what the demo changes."""
    return {
        **os.environ,
        "DATABASE_URL": environment.database_url or (server.url() if server else ""),
        "LEVIER_DATA": str(environment.data),
        "LEVIER_EMAIL_URL": environment.email_url,
        "LEVIER_DEMO": "on" if environment.demo else "off",
    }


def _start(command: list[str], variables: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, env=variables, stdin=subprocess.DEVNULL, start_new_session=True
    )


def _check_port(environment: Environment) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((environment.bind, environment.port))
        except OSError as error:
            raise WrongEnvironment(
                "PORT",
                f"l’adresse {environment.bind}:{environment.port} ne peut être prise "
                f"({error.strerror}) : donnez un autre port, par exemple PORT=8080.",
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(environment: Environment) -> bool:
    host = "127.0.0.1" if environment.bind == "0.0.0.0" else environment.bind  # noqa: S104
    connection = HTTPConnection(host, environment.port, timeout=0.5)
    try:
        connection.request("GET", ALIVE)
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
