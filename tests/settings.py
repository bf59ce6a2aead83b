"""Levier's own settings, over a PostgreSQL server and a data folder made for tests."""

import os
from pathlib import Path

from levier.project.postgres.server import EmbeddedPostgres

ROOT = Path(__file__).resolve().parent.parent

os.environ.setdefault("LEVIER_DATA", str(ROOT / "var" / "tests"))
os.environ.setdefault("LEVIER_SECRET_KEY", "a key for tests only, which protects nothing at all")
os.environ.setdefault("LEVIER_BASE_URL", "http://testserver")

FOLDER = Path(os.environ["LEVIER_DATA"]).resolve() / "server"
#: None when DATABASE_URL names a server of one's own, where databases can be created.
EMBEDDED = None if os.environ.get("DATABASE_URL") else EmbeddedPostgres(FOLDER, durable=False)
if EMBEDDED is not None:
    os.environ["LEVIER_TEST_DATABASE_URL"] = EMBEDDED.url()

from levier.project.settings import *  # noqa: E402, F403 - the environment comes first
