"""A browser, a server with the pages, and an organization that looks lived in."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from pulsescore.core.clock import utcnow
from tests import seeding
from tests.journeys.conftest import PATIENCE_MS

# Playwright's synchronous interface runs an event loop in the thread that talks to the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# What htmx says when a newer question, or leaving the page, gives up one under way. A question
# that failed says "htmx:sendError" or "htmx:responseError" besides, and is not forgiven.
GIVEN_UP = ("htmx:afterRequest", "htmx:sendAbort")


@pytest.fixture
def scripted() -> bool:
    """Whether JavaScript runs; a story without it says so by parametrizing."""
    return True


@pytest.fixture
def page(scripted: bool, chromium: Browser) -> Iterator[Page]:
    """A fresh page in a context of its own."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=scripted
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def alices(transactional_db: None) -> seeding.Seeded:
    return seeding.seed("alice@example.com", customers=40, now=utcnow(), days=14)


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    """Errors on the console that a story expects; one that expects others parametrizes it."""
    return ("status of 4",)


@pytest.fixture
def visitor(page: Page, live_server: LiveServer, forgiven: tuple[str, ...]) -> Iterator[Page]:
    """A browser at the front door; any other error on the console fails the test."""
    troubles: list[str] = []
    page.on("console", lambda told: troubles.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    seeding.beat(utcnow())
    page.goto(live_server.url)
    yield page
    expected = (*forgiven, *GIVEN_UP)
    assert [one for one in troubles if not any(word in one for word in expected)] == []


@pytest.fixture
def alice(visitor: Page, alices: seeding.Seeded) -> Page:
    """Alice, logged in, on her dashboard."""
    visitor.get_by_label("E-mail").fill("alice@example.com")
    visitor.get_by_label("Password", exact=True).fill(seeding.PASSWORD)
    visitor.get_by_role("button", name="Log in").click()
    visitor.wait_for_url("**/")
    return visitor


def wide(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
