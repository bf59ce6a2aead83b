import pytest
from django.core.cache import caches


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Pages are kept a few seconds and cards ten minutes: not from one test to the next."""
    for cache in caches.all(initialized_only=False):
        cache.clear()
