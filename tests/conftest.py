"""What every test may ask for."""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from tests.database import TestDatabase
from tests.settings import EMBEDDED

pytest_plugins = ["tests.browser", "tests.cast"]


@pytest.fixture
def now() -> datetime:
    """The moment tests happen at."""
    return datetime(2026, 9, 16, 9, 40, tzinfo=ZoneInfo("Europe/Paris"))


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
