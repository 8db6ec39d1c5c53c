"""The browser of all journeys: Playwright allows one at a time in a process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

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

# Files are handed out in the order in which they stand: whoever takes long begins early.
_LONG: Final = (
    "test_accessibility",
    "test_benchmarks",
    "test_crash",
    "test_browser_journey",
    "test_intercom_journey",
    "test_weight",
    "test_live_restart",
    "test_commands",
    "test_main_job",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; the others as they are."""
    items.sort(key=lambda item: _place(item.path))


def _place(path: Path) -> int:
    return _LONG.index(path.stem) if path.stem in _LONG else len(_LONG)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all stories; each has a context of its own."""
    with sync_playwright() as playwright:
        path = find_browser() or playwright_browser()
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
