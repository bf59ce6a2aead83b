"""The installation's secret key, made once and kept in the data folder."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from levier.project.environment import WrongEnvironment


def secret_key_in(data: Path) -> str:
    """The key kept in `data/secret_key`, made on first use, readable by its owner only.

    Two first uses at once agree on one key. Raises WrongEnvironment when the folder is closed.
    """
    path = data / "secret_key"
    try:
        return _read_or_make(path)
    except OSError as error:
        raise WrongEnvironment(
            "LEVIER_DATA", f"le fichier {path} ne peut être lu ou créé ({error.strerror})."
        ) from error


def _read_or_make(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secret-") as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            os.fsync(draft.fileno())
            with suppress(FileExistsError):
                path.hardlink_to(draft.name)  # whole or not at all
    return path.read_text().strip()
