"""The system's Chromium, for the tests marked `browser`. Where there is none, they say so."""

import shutil
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
ABSENT = "Chromium manque"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what cannot be played here."""
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=ABSENT))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it once more where it will be read."""
    skipped = terminalreporter.stats.get("skipped", [])
    unplayed = [report for report in skipped if ABSENT in str(report.longrepr)]
    if unplayed:
        terminalreporter.write_line(
            f"{ABSENT} : {len(unplayed)} tests du navigateur n’ont pas été joués. "
            "Installez-le (Debian, Ubuntu : apt install chromium) puis recommencez.",
            yellow=True,
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium per file of tests; ask it for contexts and pages of your own.

    Playwright's loop runs in this thread as long as it is open: Django must not take our tests for
    asynchronous ones meanwhile, and the next file may need a loop of its own. Connections belong to
    a context: one left open outside the loop would be found dead after it, its database renewed.
    """
    connections.close_all()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        found = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield found
        found.close()
