"""The browser of all journeys: Playwright allows one at a time in a process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tools.find_browser import find_browser, playwright_browser

# A busy machine is no fault of a page.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Longest first, as measured: two processes take files one by one, and neither is to begin a long
# one when the other has nothing left. What is not named takes less than a quarter of a minute.
LONGEST_FIRST = (
    "test_benchmarks.py",
    "test_accessibility.py",
    "test_browser_journey.py",
    "test_intercom_journey.py",
    "test_crash.py",
    "test_main_job.py",
    "test_weight.py",
    "test_live.py",
    "test_two_way_journey.py",
    "test_charts.py",
    "test_commands.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    place = {name: number for number, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all stories; each has a context of its own."""
    with sync_playwright() as playwright:
        path = find_browser() or playwright_browser()
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
