"""Levier's own settings, over a PostgreSQL server and a data folder made for tests."""

import os
from pathlib import Path

from levier.project.postgres.server import EmbeddedPostgres

os.environ.setdefault("LEVIER_DATA", str(Path(__file__).resolve().parent.parent / "var" / "tests"))
os.environ.setdefault("LEVIER_SECRET_KEY", "a key for tests only, which protects nothing at all")
os.environ.setdefault("LEVIER_BASE_URL", "http://testserver")

#: None when DATABASE_URL names a server of one's own, whose role may create databases.
EMBEDDED = (
    None
    if os.environ.get("DATABASE_URL")
    else EmbeddedPostgres(Path(os.environ["LEVIER_DATA"]).resolve() / "server", durable=False)
)

from levier.project.settings import *  # noqa: E402, F403 - the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True  # straight from the source
# Each test process keeps its own cards and documents: it may forget them without the others' losing
# theirs.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
CACHES = {
    name: {**cache, "LOCATION": f"{cache.get('LOCATION', name)}-{WORKER}"}
    for name, cache in CACHES.items()  # noqa: F405
}
