"""Pages in Chromium, from a server of the test itself."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import caches
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

OpenPage = Callable[..., Page]
EXPECTED = (
    "404 (Not Found)",
    "422 (Unprocessable Entity)",  # a form that comes back with its errors
    "503 (Service Unavailable)",
    "Response Status Error Code 404",
)


@pytest.fixture
def site(live_server: LiveServer, settings: Settings) -> str:
    """The address of the site, which its own links carry too."""
    settings.BASE_URL = live_server.url
    for cache in caches.all(initialized_only=False):
        cache.clear()
    return str(live_server.url)


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Open a path in a window of its own. What the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(path: str, *, width: int = 1280, **options: object) -> Page:
        viewport = {"width": width, "height": 900}
        context = browser.new_context(base_url=site, viewport=viewport, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.extend([said.text] * (said.type == "error")))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [said for said in complaints if not any(known in said for known in EXPECTED)] == []
