"""The whole story in a browser, against real processes: sign up, connect, look, change, leave."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.stack import ACCESS_TOKEN, ApiClient, Stack, call, eventually, running

pytestmark = [pytest.mark.journey, pytest.mark.browser]

PASSWORD = "correct horse battery"
PATIENCE_MS = 90_000
# Longer than a page ever waits before it asks again.
LONGEST_WAIT_MS = 91_000


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running(contacts=60) as stack:
        yield stack


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def newcomer(page: Page, stack: Stack, request: pytest.FixtureRequest) -> Page:
    """Somebody who has just signed up with an organization of their own."""
    name = re.sub(r"\W+", "-", request.node.name)
    page.goto(f"{stack.url}/signup")
    page.get_by_label("Organization").fill("Acme")
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Lovelace")
    page.get_by_label("E-mail").fill(f"{name}@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name=re.compile("Create|Sign up")).click()
    expect(page.get_by_role("button", name="Connect Intercom")).to_be_visible()
    return page


def start_oauth(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/settings/integrations/intercom/connect")
    page.get_by_role("button", name="Connect Intercom").click()
    expect(page.get_by_role("button", name="Authorize")).to_be_visible()


def connect_by_token(page: Page, stack: Stack, token: str, region: str | None = None) -> None:
    page.goto(f"{stack.url}/settings/integrations/intercom/connect")
    page.get_by_label("Access token").fill(token)
    if region:
        page.get_by_label("Region").select_option(region)
    page.get_by_role("button", name="Connect", exact=True).click()


def test_from_signing_up_to_disconnecting(newcomer: Page, stack: Stack) -> None:
    page = newcomer
    start_oauth(page, stack)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_text(re.compile("Sync complete: .* contacts imported"))).to_be_visible(
        timeout=PATIENCE_MS
    )
    eventually(lambda: has_scores(page, stack))
    page.goto(f"{stack.url}/customers?risk=red")
    page.locator("main tbody a").first.click()
    expect(page.get_by_text("Support recency", exact=True).first).to_be_visible()
    expect(page.get_by_text("Critical").first).to_be_visible()

    page.goto(f"{stack.url}/settings/scoring")
    page.locator("input[name='half.open_tickets']").fill("5")
    expect(page.locator("#preview")).to_contain_text(re.compile("change level|changes level"))
    page.get_by_role("button", name=re.compile("^Save")).click()
    expect(page.get_by_role("row", name=re.compile("^Version 2 in force"))).to_be_visible()

    page.goto(f"{stack.url}/settings/integrations")
    page.locator("main details.menu summary").first.click()
    page.get_by_role("link", name=re.compile("^Disconnect")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("stay"))).to_be_visible()
    dialog.get_by_role("button", name=re.compile("^Disconnect")).click()
    expect(page.get_by_text("Disconnected").first).to_be_visible()
    page.goto(f"{stack.url}/customers")
    expect(page.locator("main table tbody tr").first).to_be_visible()


def has_scores(page: Page, stack: Stack) -> bool:
    page.goto(f"{stack.url}/customers?risk=red")
    return page.locator("main table tbody tr a").count() > 0


def test_denied_consent_says_what_to_press(newcomer: Page, stack: Stack) -> None:
    start_oauth(newcomer, stack)
    newcomer.get_by_role("button", name="Cancel").click()
    expect(newcomer.get_by_text("Access was not granted")).to_be_visible()
    expect(newcomer.get_by_text("press Authorize")).to_be_visible()


def test_a_wrong_token_is_explained_beside_the_field(newcomer: Page, stack: Stack) -> None:
    connect_by_token(newcomer, stack, "mistyped")
    expect(newcomer.get_by_text("Intercom did not accept the access token").first).to_be_visible()


def test_a_wrong_region_is_explained(newcomer: Page, stack: Stack) -> None:
    connect_by_token(newcomer, stack, ACCESS_TOKEN, region="eu")
    expect(newcomer.get_by_text("The workspace is in another region").first).to_be_visible()


def test_a_revoked_token_asks_for_attention_and_is_mended(newcomer: Page, stack: Stack) -> None:
    page = newcomer
    call("POST", f"{stack.simulator_url}/_sim/tokens", {"token": "to-be-revoked"})
    connect_by_token(page, stack, "to-be-revoked")
    expect(page.get_by_text(re.compile("Sync complete"))).to_be_visible(timeout=PATIENCE_MS)
    call("POST", f"{stack.simulator_url}/_sim/tokens/revoke", {"token": "to-be-revoked"})
    page.goto(f"{stack.url}/settings/integrations")
    page.locator("main details.menu summary").first.click()
    page.get_by_role("button", name="Retry sync").click()
    eventually(lambda: needs_attention(page, stack))
    connect_by_token(page, stack, ACCESS_TOKEN)
    expect(page.get_by_text(re.compile("Sync complete"))).to_be_visible(timeout=PATIENCE_MS)


def needs_attention(page: Page, stack: Stack) -> bool:
    page.goto(f"{stack.url}/settings/integrations")
    return page.get_by_text("Needs attention").count() > 0


def log_in(page: Page, stack: Stack, email: str) -> None:
    page.goto(f"{stack.url}/login")
    page.locator("#id_email").fill(email)
    page.locator("#id_password").fill(PASSWORD)
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


def test_an_open_page_survives_a_restart_of_the_server(page: Page, stack: Stack) -> None:
    api = ApiClient(stack)
    api.register("open-page@example.com")
    api.connect()
    eventually(api.imported)
    page.clock.install()
    log_in(page, stack, "open-page@example.com")
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


@pytest.fixture
def emptied(stack: Stack) -> Stack:
    """The same product beside another workspace, in which there is nobody; the last to look."""
    stack.stop("simulator")
    stack.contacts, stack.simulator_options = 0, ("--empty",)
    stack.start_simulator()
    return stack


def test_an_empty_workspace_says_what_to_do(emptied: Stack, newcomer: Page) -> None:
    page = newcomer
    connect_by_token(page, emptied, ACCESS_TOKEN)
    expect(page.get_by_text(re.compile("Sync complete: 0 contacts"))).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.goto(f"{emptied.url}/customers")
    expect(page.locator("main")).to_contain_text(re.compile("[Nn]o customers"))
