"""What every test may ask for."""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.test import TransactionTestCase
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from tests.database import TestDatabase
from tests.settings import EMBEDDED

pytest_plugins = ["tests.browser", "tests.cast", "tests.prepared"]


# What starts whole processes takes longest: begun first, it does not leave the other workers idle.
LONGEST = ("/stories/", "/faults/", "/browser/", "/project/", "_in_the_browser")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: those that start whole processes mostly wait."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not any(name in item.path.as_posix() for name in LONGEST))


@pytest.fixture(scope="session", autouse=True)
def reachable_folders() -> Iterator[None]:
    """As root, the embedded server runs under another account: let it into pytest's folders, or
    it would be placed in /var/lib/levier and stay there.
    """
    make = pytest.TempPathFactory.mktemp

    def mktemp(factory: pytest.TempPathFactory, basename: str, numbered: bool = True) -> Path:
        made = make(factory, basename, numbered)
        for folder in (made, *made.parents):
            if folder == Path(gettempdir()) or folder.stat().st_uid != os.geteuid():
                break
            folder.chmod(folder.stat().st_mode | 0o011)
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pytest.TempPathFactory, "mktemp", mktemp)
        yield


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """No page or figure that an earlier test left in memory."""
    for one in caches.all(initialized_only=False):
        one.clear()


@pytest.fixture
def now() -> datetime:
    """The moment tests happen at."""
    return datetime(2026, 9, 16, 9, 40, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def private_files(settings: Settings, tmp_path: Path) -> Path:
    """A folder of this test's own for the files that people send."""
    settings.PRIVATE_ROOT = tmp_path / "private"
    return tmp_path / "private"


@pytest.fixture(scope="session")
def test_database(django_db_blocker: DjangoDbBlocker) -> Iterator[TestDatabase]:
    """The PostgreSQL database of this test process; `url` is what a child process needs."""
    server = nullcontext(os.environ["DATABASE_URL"]) if EMBEDDED is None else EMBEDDED.joined()
    with server as url, django_db_blocker.unblock():
        database = TestDatabase(url, os.environ.get("PYTEST_XDIST_WORKER", "main"))
        database.create()
        yield database
        database.drop()


@pytest.fixture(scope="session")
def django_db_setup(test_database: TestDatabase, django_test_environment: None) -> Iterator[None]:
    """Instead of pytest-django's own: a copied template, and a new copy after a real commit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: test_database.renew())
        yield
