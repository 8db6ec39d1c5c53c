"""The browser of all journeys: Playwright allows one at a time in a process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tools.find_browser import find_browser, playwright_browser

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all stories; each has a context of its own."""
    with sync_playwright() as playwright:
        path = find_browser() or playwright_browser()
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
