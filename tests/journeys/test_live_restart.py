"""The server is restarted under an open page: the page catches up by itself."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.stack import ApiClient, Stack, call, eventually, running

pytestmark = pytest.mark.journey

PATIENCE_MS = 90_000
# Longer than a page ever waits before it asks again.
LONGEST_WAIT_MS = 91_000


def log_in(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/login")
    page.locator("#id_email").fill("ada@example.com")
    page.locator("#id_password").fill("correct horse battery")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(f"{stack.url}/")


def somebody_signs_up(stack: Stack) -> None:
    """A new contact in Intercom, which tells it by webhook."""
    person = {"email": "newcomer@example.com", "name": "New Comer", "role": "user"}
    answer = call("POST", f"{stack.simulator_url}/_sim/actions/create_contact", person)
    assert answer.status < 300, answer.body


def customers_shown(page: Page) -> int:
    """How many customers the dashboard counts."""
    told = page.locator("#figure-coverage").inner_text()
    return int(told.rpartition("of ")[2].replace(",", ""))


def test_an_open_page_survives_a_restart_of_the_server(chromium: Browser) -> None:
    with running(contacts=40) as stack:
        api = ApiClient(stack)
        api.register()
        api.connect()
        eventually(api.imported)
        context = chromium.new_context()
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.clock.install()
        log_in(page, stack)
        expect(page.locator("#figure-average .figure-value")).not_to_have_text("–")
        loaded = page.evaluate("performance.timeOrigin")
        toast = page.locator(".toast")

        stack.stop("product")
        for _ in range(3):
            with page.expect_event("requestfailed"):
                page.clock.fast_forward(LONGEST_WAIT_MS)
        expect(toast).to_contain_text("does not answer", timeout=PATIENCE_MS)
        stack.start_product()
        page.clock.fast_forward(LONGEST_WAIT_MS)
        expect(toast).to_contain_text("answers again", timeout=PATIENCE_MS)
        count = customers_shown(page)
        somebody_signs_up(stack)

        figure = page.locator("#figure-coverage")
        expect(figure).to_contain_text(f"of {count + 1}", timeout=PATIENCE_MS)
        assert page.evaluate("performance.timeOrigin") == loaded, "the page was not reloaded"
        context.close()
