"""Onboarding and Intercom's pages against real processes: as a newcomer, and when things break."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.stack import ACCESS_TOKEN, CLIENT_SECRET, Stack, call, eventually, running

pytestmark = [pytest.mark.journey, pytest.mark.browser]

PASSWORD = "correct horse battery"
PATIENCE_MS = 90_000


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running(contacts=60) as stack:
        yield stack


@pytest.fixture
def scripted() -> bool:
    """Whether JavaScript runs; a story without it says so by parametrizing."""
    return True


@pytest.fixture
def page(scripted: bool, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=scripted
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    expect.set_options(timeout=PATIENCE_MS)
    yield page
    context.close()


@pytest.fixture
def newcomer(page: Page, stack: Stack, request: pytest.FixtureRequest) -> Page:
    """Somebody who has just signed up, on the first page that they see."""
    name = re.sub(r"\W+", "-", request.node.name)
    page.goto(f"{stack.url}/signup")
    page.get_by_label("Organization").fill("Acme")
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Lovelace")
    page.get_by_label("E-mail").fill(f"{name}@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name=re.compile("Create|Sign up")).click()
    expect(page.get_by_role("heading", name="Welcome, Ada.")).to_be_visible()
    return page


def give_token(page: Page, token: str) -> None:
    if page.locator("details.other-way:not([open])").count():
        page.locator("details.other-way summary").click()
    page.get_by_label("Access token").fill(token)
    page.get_by_role("button", name="Connect", exact=True).click()


def see_first_scores(page: Page) -> None:
    expect(page.get_by_role("heading", name="Your first scores are in.")).to_be_visible()
    expect(page.get_by_role("heading", name="Look here first")).to_be_visible()
    expect(page.locator("main .list-link .score")).to_have_count(3)


def open_tab(page: Page, name: str) -> None:
    page.locator("nav.tabs").get_by_role("link", name=name).click()


def go_to_connection(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/settings/integrations")
    page.locator("main").get_by_role("link", name="Intercom", exact=True).click()


def test_a_newcomer_comes_through_intercoms_page_to_the_first_look(
    newcomer: Page, stack: Stack
) -> None:
    page = newcomer
    expect(page.get_by_text("Nothing is ever created, changed, sent or deleted")).to_be_visible()
    page.get_by_role("button", name="Connect Intercom").click()
    page.get_by_role("button", name="Authorize").click()

    page.wait_for_url("**/welcome")
    see_first_scores(page)
    page.reload()
    see_first_scores(page)
    page.get_by_role("button", name="Put away").click()
    expect(page.get_by_role("heading", name="Getting started")).to_have_count(0)
    page.get_by_role("link", name="Go to the dashboard").click()
    page.wait_for_url(f"{stack.url}/")


def test_a_newcomer_comes_by_token_and_a_wrong_one_is_explained_first(
    newcomer: Page, stack: Stack
) -> None:
    page = newcomer
    give_token(page, "mistyped")
    expect(page.get_by_text("Intercom did not accept the access token").first).to_be_visible()

    give_token(page, ACCESS_TOKEN)

    see_first_scores(page)
    page.locator("main .list-link").first.click()
    expect(page.get_by_text("Support recency", exact=True).first).to_be_visible()


@pytest.mark.parametrize("scripted", [False])
def test_onboarding_works_without_javascript(newcomer: Page, stack: Stack) -> None:
    page = newcomer
    give_token(page, ACCESS_TOKEN)
    page.wait_for_url("**/welcome")

    def arrived() -> bool:
        page.goto(f"{stack.url}/welcome")
        return page.get_by_role("heading", name="Look here first").count() > 0

    eventually(arrived)
    page.get_by_role("button", name="Put away").click()
    page.wait_for_url(f"{stack.url}/")


def test_a_run_moves_on_its_page_without_a_reload(newcomer: Page, stack: Stack) -> None:
    page = newcomer
    give_token(page, ACCESS_TOKEN)
    see_first_scores(page)
    call("PATCH", f"{stack.simulator_url}/_sim/faults", {"latency_ms": 400})
    go_to_connection(page, stack)
    open_tab(page, "Runs")
    page.evaluate("window.stillTheSamePage = true")
    page.get_by_role("button", name="Import everything again").click()
    open_tab(page, "Runs")
    page.locator("main tbody a").first.click()
    page.evaluate("window.stillTheSamePage = true")

    expect(page.locator("#run").get_by_text("Running")).to_be_visible()
    call("PATCH", f"{stack.simulator_url}/_sim/faults", {"latency_ms": 0})
    expect(page.locator("#run").get_by_text("Succeeded")).to_be_visible()

    assert page.evaluate("window.stillTheSamePage") is True
    expect(page.locator("#run").get_by_text(re.compile("[0-9]+ read")).first).to_be_visible()


def test_a_revoked_token_is_mended_from_its_notice(newcomer: Page, stack: Stack) -> None:
    page = newcomer
    call("POST", f"{stack.simulator_url}/_sim/tokens", {"token": "soon-revoked"})
    give_token(page, "soon-revoked")
    see_first_scores(page)
    call("POST", f"{stack.simulator_url}/_sim/tokens/revoke", {"token": "soon-revoked"})
    go_to_connection(page, stack)
    open_tab(page, "Runs")
    page.get_by_role("button", name="Import everything again").click()

    def refused() -> bool:
        page.reload()
        return page.get_by_role("link", name="Connect again").count() > 0

    eventually(refused)
    expect(page.get_by_text("Intercom no longer lets us in")).to_be_visible()
    page.get_by_role("link", name="Connect again").first.click()
    expect(page.get_by_role("heading", name=re.compile("again$"))).to_be_visible()
    page.get_by_label("Access token").fill(ACCESS_TOKEN)
    page.get_by_role("button", name="Connect", exact=True).click()

    expect(page.get_by_text("How it stands")).to_be_visible()
    expect(page.locator("main").get_by_text("Connected", exact=True).first).to_be_visible()
    expect(page.get_by_text("Intercom no longer lets us in")).to_have_count(0)


def test_permissions_are_checked_on_the_spot(newcomer: Page, stack: Stack) -> None:
    page = newcomer
    give_token(page, ACCESS_TOKEN)
    see_first_scores(page)
    go_to_connection(page, stack)
    open_tab(page, "Permissions")
    page.get_by_role("button", name="Check again").click()

    expect(page.get_by_role("heading", name="Everything is granted")).to_be_visible()
    expect(page.get_by_text(re.compile("Checked (just now|.* ago)")).first).to_be_visible()


def test_a_test_event_proves_the_secret_or_says_what_is_wrong(newcomer: Page, stack: Stack) -> None:
    page = newcomer
    give_token(page, ACCESS_TOKEN)
    see_first_scores(page)
    go_to_connection(page, stack)
    open_tab(page, "Webhooks")
    page.get_by_label("Client secret").fill(CLIENT_SECRET)
    page.get_by_role("button", name="Save secret").click()
    page.get_by_role("button", name="Send test event").click()
    expect(page.get_by_text("It works: the event came in and was worked on.")).to_be_visible()

    page.get_by_text("Try another secret than the stored one").click()
    page.get_by_label("Secret to try").fill("another-secret-altogether")
    page.get_by_role("button", name="Send test event").click()
    expect(page.get_by_text("It did not come through.")).to_be_visible()
    expect(page.get_by_text("is not the one stored here")).to_be_visible()

    page.get_by_role("link", name="All deliveries").click()
    page.get_by_role("link", name="ping", exact=True).first.click()
    page.get_by_role("button", name="Show the raw body").click()
    expect(page.get_by_label("Raw body", exact=True)).to_contain_text("A test event")


@pytest.mark.parametrize("scripted", [False])
def test_a_test_event_needs_no_javascript(newcomer: Page, stack: Stack) -> None:
    page = newcomer
    give_token(page, ACCESS_TOKEN)
    go_to_connection(page, stack)
    open_tab(page, "Webhooks")
    page.get_by_role("button", name="Send test event").click()

    expect(page.get_by_text("It works: the event came in and was worked on.")).to_be_visible()
