"""A segment built in a browser, a dry run read, two-way switched on, its tags seen at Intercom."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.stack import ACCESS_TOKEN, Stack, call, eventually, running

pytestmark = [pytest.mark.journey, pytest.mark.browser]

PATIENCE_MS = 60_000
TAG = "Everybody with a score"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running(contacts=20) as stack:
        yield stack


@pytest.fixture
def page(chromium: Browser, stack: Stack) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{stack.url}/signup")
    page.get_by_label("Organization").fill("Acme")
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Lovelace")
    page.get_by_label("E-mail").fill("two-way@example.com")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name=re.compile("Create|Sign up")).click()
    expect(page.get_by_role("button", name="Connect Intercom")).to_be_visible()
    page.goto(f"{stack.url}/settings/integrations/intercom/connect")
    page.get_by_label("Access token").fill(ACCESS_TOKEN)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text(re.compile("Sync complete"))).to_be_visible()
    yield page
    context.close()


def test_from_a_segment_to_its_tag_in_intercom(page: Page, stack: Stack) -> None:
    build_segment(page, stack)
    eventually(lambda: members(page))

    page.goto(f"{stack.url}/settings/integrations")
    page.get_by_role("link", name="Intercom", exact=True).click()
    expect(page).to_have_url(re.compile(r"/intercom/\d+$"))
    connection = page.url
    choose_and_read_a_dry_run(page, connection)
    assert tagged(stack) == 0

    page.goto(connection)
    page.get_by_label("Two-way").check()
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("Settings saved.")).to_be_visible()
    eventually(lambda: tagged(stack))
    eventually(lambda: is_logged(page, connection))

    page.goto(f"{stack.simulator_url}/people/{someone_tagged(stack)}")
    expect(page.locator("body")).to_contain_text(TAG)


def is_logged(page: Page, connection: str) -> bool:
    """The log is written with each batch, after its last write."""
    page.goto(f"{connection}/sending/writes")
    return page.get_by_text("Put on the tag").count() > 0


def build_segment(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/segments")
    page.get_by_role("link", name="New segment").click()
    page.get_by_label("Name", exact=True).fill(TAG)
    page.get_by_label("What to look at").select_option("score")
    page.get_by_label("How to compare").select_option("set")
    page.get_by_role("button", name="Condition", exact=True).click()
    page.get_by_label("What to look at").nth(1).select_option("contact_role")
    page.get_by_label("How to compare").nth(1).select_option("eq")
    page.locator("[name='value.r.1']").select_option("user")
    expect(page.locator("#segment-preview .preview-count")).to_be_visible()
    page.get_by_role("button", name="Make the segment").click()
    expect(page.get_by_role("heading", name=TAG)).to_be_visible()


def members(page: Page) -> bool:
    page.reload()
    return page.locator("main table tbody tr").count() > 0


def choose_and_read_a_dry_run(page: Page, connection: str) -> None:
    page.goto(f"{connection}/sending")
    expect(page.get_by_text("Two-way would allow")).to_be_visible()
    page.get_by_role("link", name="Choose first, and read a dry run").click()
    page.get_by_role("group", name="Send as users").get_by_label(re.compile(TAG)).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("^Saved"))).to_be_visible()
    page.goto(f"{connection}/sending/dry-run")
    expect(page.locator("ins", has_text=TAG).first).to_be_visible()
    expect(page.get_by_text("none of this leaves before")).to_be_visible()


def tagged(stack: Stack) -> int:
    return len(_people(stack))


def someone_tagged(stack: Stack) -> str:
    return str(_people(stack)[0]["id"])


def _people(stack: Stack) -> list[dict[str, object]]:
    found = call("GET", f"{stack.simulator_url}/_sim/contacts?limit=100").body
    rows = found if isinstance(found, list) else found["contacts"]
    return [one for one in rows if TAG in str(one.get("tags", ""))]
