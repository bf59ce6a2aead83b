"""Where the embedded PostgreSQL lives, and the account it runs under.

PostgreSQL refuses to run as root: a root installation runs it under an account of its own, which
must reach the data and the programs. No folder of the administrator is ever opened to that end:
what the account cannot reach is placed in ``/var/lib/levier`` instead.
"""

import hashlib
import os
import pwd
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from levier.project.postgres.account import account_for, can, group_of
from levier.project.postgres.errors import PostgresCannotRun
from levier.project.postgres.programs import SYSTEM_FOLDER, programs_for

LONGEST_SOCKET = 107  # bytes, sockaddr_un.sun_path without its final NUL
SOCKET_NAME = ".s.PGSQL.5432"
PLAIN_PATH = re.compile(r"[\w/ .,@:+=~-]+")  # what a configuration file quotes without surprise


@dataclass(frozen=True, kw_only=True)
class Place:
    """Who runs the server, where its data, its socket and its programs are."""

    account: str | None  # None: the account of the current process
    data: Path
    sockets: Path
    programs: Path

    def run(self, program: str, *arguments: str, timeout: float = 600) -> str:
        """Run one of PostgreSQL's programs under the right account; returns what it printed.

        Output goes through a file: pg_ctl leaves the server holding a pipe open.
        """
        with tempfile.TemporaryFile() as output:
            finished = subprocess.run(
                [self.programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.data,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                user=self.account,
                group=group_of(self.account),
                extra_groups=None if self.account is None else [],
                start_new_session=True,
                timeout=timeout,
                check=False,
            )
            output.seek(0)
            text = output.read().decode(errors="replace")
        if finished.returncode:
            raise PostgresCannotRun(f"« {program} » a échoué :\n{text.strip()}")
        return text


def data_folder(folder: Path) -> Path:
    """Where the data is, or would be: `folder/postgres`, followed when it is a link."""
    return (folder / "postgres").resolve()


def socket_folder(data: Path) -> Path:
    """The data folder itself, or a short one when a Unix socket could not bear that path."""
    if len(os.fsencode(data / SOCKET_NAME)) <= LONGEST_SOCKET and PLAIN_PATH.fullmatch(str(data)):
        return data
    return Path("/tmp") / f"levier-{_digest(data)}"  # noqa: S108 - made 0700 and checked below


def prepare_place(folder: Path) -> Place:
    """Make, inside `folder`, what the server needs; never opens a folder that was closed."""
    folder.mkdir(parents=True, exist_ok=True)
    account = account_for(data_folder(folder))
    data = _prepare_data(folder, account)
    sockets = socket_folder(data)
    if sockets != data:
        _make_private(sockets, account)
    return Place(account=account, data=data, sockets=sockets, programs=programs_for(account))


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _prepare_data(folder: Path, account: str | None) -> Path:
    link = folder / "postgres"
    if link.is_symlink() and not link.exists():
        raise PostgresCannotRun(
            f"la base se trouvait dans {link.resolve()}, qui n’existe plus : remettez ce dossier, "
            f"ou supprimez le lien {link} pour repartir d’une base vide."
        )
    if not link.exists() and account and not can(account, "/bin/sh", "-c", 'cd "$0"', folder):
        elsewhere = SYSTEM_FOLDER / f"postgres-{_digest(link)}"
        elsewhere.mkdir(parents=True, exist_ok=True)
        link.symlink_to(elsewhere)
    data = link.resolve()
    _make_private(data, account)
    if account and not can(account, "/bin/sh", "-c", 'cd "$0"', data):
        raise PostgresCannotRun(
            f"le compte « {account} », qui fait tourner PostgreSQL, n’a pas accès à {data} : "
            "donnez par LEVIER_DATA un dossier qu’il puisse traverser, par exemple "
            "/var/lib/levier, ou une base à vous par DATABASE_URL."
        )
    return data


def _make_private(path: Path, account: str | None) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    expected = os.geteuid() if account is None else pwd.getpwnam(account).pw_uid
    if os.geteuid() == 0 and path.lstat().st_uid == 0:
        os.chown(path, expected, group_of(account) or 0)
    if path.is_symlink() or path.stat().st_uid != expected:
        raise PostgresCannotRun(
            f"le dossier {path} appartient à un autre compte : supprimez-le, ou donnez un autre "
            "dossier par LEVIER_DATA."
        )
    path.chmod(0o700)
