"""The installation's secret key, made once and kept in the data folder."""

import os
import secrets
from pathlib import Path


def secret_key_in(data: Path) -> str:
    """The key kept in `data/secret_key`, made on first use, readable by its owner only."""
    path = data / "secret_key"
    data.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
