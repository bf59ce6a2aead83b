"""The account the embedded PostgreSQL runs under: ours, or one of its own when we are root."""

import os
import pwd
import subprocess
import time
from pathlib import Path

from levier.project.postgres.errors import PostgresCannotRun

ACCOUNT = "pgserver"


def account_for(data: Path) -> str | None:
    """Who runs a server on that data, now or later; None for the current account."""
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in {None, os.geteuid()}:
            raise PostgresCannotRun(
                f"le dossier {data} appartient à un autre compte : relancez avec celui qui l’a "
                "créé, ou donnez un autre dossier par LEVIER_DATA."
            )
        return None
    if owner:  # neither absent nor root
        try:
            return pwd.getpwuid(owner).pw_name
        except KeyError:  # a volume that outlived its container: its account is made again
            account = _own_account()
            _give(data, account)
            return account
    return _own_account()


def _give(data: Path, account: str) -> None:
    """Make `account` the owner of the data, all of it."""
    entry = pwd.getpwnam(account)
    for path in (data, *data.rglob("*")):
        os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


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


def group_of(account: str | None) -> int | None:
    """The main group of an account, None for the current one."""
    return None if account is None else pwd.getpwnam(account).pw_gid


def can(account: str | None, *command: str | Path) -> bool:
    """Whether `command` succeeds under `account`: the only honest test of access rights."""
    try:
        finished = subprocess.run(
            command,
            cwd="/",
            user=account,
            group=group_of(account),
            extra_groups=None if account is None else [],
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return finished.returncode == 0
