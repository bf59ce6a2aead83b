"""A data folder with its database made and migrated: once per test run, then copied."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from levier.project.locks import FileLock
from tests.running import fresh_variables

Prepared = Callable[[Path], Path]
ROOT = Path(__file__).resolve().parents[1]
MADE = "made"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Prepared:
    """Fill a folder as a first start would have, with no organisation in it."""
    base = tmp_path_factory.mktemp("prepared").parent  # that opens the way to it, see conftest
    kept = (base if worker_id == "master" else base.parent) / "ready"
    with FileLock(kept.with_suffix(".lock")):  # the workers of one run share it
        if not (kept / MADE).exists():
            shutil.rmtree(kept, ignore_errors=True)
            levier(kept, "migrate")
            assert (kept / "postgres" / "PG_VERSION").exists(), "the database is placed elsewhere"
            (kept / MADE).touch()

    def fill(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        # As root, the database's files belong to another account, and stay its own.
        subprocess.run(["cp", "-a", f"{kept}/.", str(folder)], check=True)
        (folder / MADE).unlink()
        return folder

    return fill


def levier(folder: Path, *arguments: str, **more: str) -> None:
    """One `levier` command on a data folder of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "levier.project.cli", *arguments],
        env=fresh_variables(folder, 8000, PYTHONPATH=str(ROOT), **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
