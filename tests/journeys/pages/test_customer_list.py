"""The customers list in a browser: typing, chips, columns, selecting by keyboard, the file."""

import re
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from pulsescore.scoring.queries import CustomerFilters, list_customers
from pulsescore.store.models import Customer, Note
from tests.seeding import Seeded

pytestmark = pytest.mark.browser


@pytest.fixture
def customers(alice: Page, live_server: LiveServer) -> Page:
    alice.goto(live_server.url + "/customers")
    return alice


def rows(page: Page) -> list[str]:
    return page.locator("[data-row-link]").all_inner_texts()


def test_typing_narrows_without_losing_the_place(customers: Page) -> None:
    search = customers.locator("#customer-search")
    customers.keyboard.press("/")
    expect(search).to_be_focused()
    search.press_sequentially("ch", delay=20)
    customers.wait_for_url("**search=ch")
    search.press_sequentially("en", delay=20)
    customers.wait_for_url("**search=chen")

    expect(search).to_be_focused()
    expect(customers.locator("#results")).to_have_attribute("aria-busy", "false")
    assert all("Chen" in name for name in rows(customers))
    expect(customers.locator("#list-status")).to_have_text(re.compile(r"^\d+ customers?\s*$"))
    customers.go_back()
    expect(search).to_have_value("")
    expect(customers.locator("[data-row-link]")).to_have_count(25)


def test_filters_become_chips_and_go_with_them(customers: Page) -> None:
    customers.locator("#filter-level summary").click()
    customers.get_by_role("checkbox", name="Critical").check()
    customers.wait_for_url("**risk=red")
    customers.get_by_role("checkbox", name="At risk").check()
    customers.wait_for_url("**risk=red&risk=yellow")
    expect(customers.locator("#tally-level")).to_have_text("2")
    customers.keyboard.press("Escape")
    customers.locator("#filter-more summary").click()
    customers.locator("#filter-more").get_by_label("Role").select_option("user")
    customers.wait_for_url("**role=user")
    expect(customers.locator(".chip")).to_have_count(3)

    customers.get_by_role("link", name="Remove Critical").click()
    customers.wait_for_url("**customers?risk=yellow&role=user")
    expect(customers.locator(".chip")).to_have_count(2)
    customers.get_by_role("link", name="Clear all").click()
    customers.wait_for_url(re.compile("/customers$"))
    expect(customers.locator(".chip")).to_have_count(0)
    expect(customers.locator("#customer-search")).to_be_focused()


def test_a_company_is_picked_by_its_name(customers: Page) -> None:
    customers.locator("#filter-more summary").click()
    field = customers.locator("#filter-more").get_by_label("Company")
    field.press_sequentially("Glo")
    expect(customers.locator("#company-options option")).to_have_count(1)
    field.fill("Globex")
    field.press("Enter")

    customers.wait_for_url(re.compile(r"company=\d+"))
    expect(customers.locator(".chip")).to_have_text("Company: Globex")


def test_columns_are_chosen_and_stay(customers: Page) -> None:
    customers.locator("#list-columns summary").click()
    panel = customers.locator("#list-columns")
    panel.get_by_label("Owner").check()
    panel.get_by_label("seats").check()
    panel.get_by_label("Tags").uncheck()
    panel.get_by_label("Compact").check()
    expect(customers.get_by_role("columnheader", name="seats")).to_be_visible()
    expect(customers.get_by_role("columnheader", name="Tags")).to_have_count(0)
    expect(customers.locator(".list-compact")).to_be_visible()

    customers.reload()
    expect(customers.get_by_role("columnheader", name="Owner")).to_be_visible()


def test_selecting_by_keyboard_survives_paging_and_new_scores(
    customers: Page, alices: Seeded
) -> None:
    for key in ("j", "x", "j", "x"):
        customers.keyboard.press(key)
    words = customers.locator("[data-bulk-words]")
    expect(words).to_have_text("2 customers selected.")
    focused = customers.locator("[data-row-link]").nth(1)
    expect(focused).to_be_focused()
    name = rows(customers)[1]

    with customers.expect_response(re.compile("/customers$|/customers\\?")):
        customers.evaluate("htmx.trigger(document.body, 'pulse:scores')")
    expect(customers.locator("#results")).to_have_attribute("aria-busy", "false")
    expect(customers.locator("[data-pick]:checked")).to_have_count(2)
    expect(customers.locator(":focus")).to_have_text(name)

    customers.get_by_role("link", name="Next").click()
    customers.wait_for_url("**page=2")
    customers.locator("[data-pick]").first.check()
    expect(words).to_have_text("3 customers selected.")
    customers.get_by_role("button", name="Add a note").click()
    customers.get_by_label("The same note on each").fill("Call before Friday")
    customers.get_by_role("button", name="Add note").click()
    expect(customers.locator(".toast")).to_contain_text("Note added to 3 customers.")
    assert Note.objects.for_org(alices.organization.pk).count() == 3


def test_shift_selects_a_range_and_a_filter_lets_go(customers: Page) -> None:
    boxes = customers.locator("[data-pick]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    words = customers.locator("[data-bulk-words]")
    expect(words).to_have_text("4 customers selected.")
    customers.get_by_label("Select this page").check()
    customers.get_by_role("button", name="Select all that match").click()
    expect(words).to_have_text("All that match are selected: 40 customers.")

    customers.locator("select[name=tag]").select_option("vip")
    customers.wait_for_url("**tag=vip")
    expect(customers.locator("#bulk")).to_be_hidden()


def test_addresses_are_copied(customers: Page) -> None:
    customers.context.grant_permissions(["clipboard-read", "clipboard-write"])
    customers.locator("[data-pick]").first.check()
    customers.get_by_role("button", name="Copy e-mail addresses").click()

    expect(customers.locator("[data-bulk-words]")).to_have_text("1 e-mail address copied.")
    assert "@example.com" in customers.evaluate("navigator.clipboard.readText()")


# The test's own server is not the one that streams.
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_the_file_holds_what_is_shown(customers: Page, alices: Seeded) -> None:
    customers.goto(customers.url + "?risk=red&sort=name&order=asc")
    link = customers.get_by_role("link", name="Download CSV")
    with customers.expect_download() as taken:
        link.click()
    told = customers.request.get(urljoin(customers.url, link.get_attribute("href"))).text()

    red = list_customers(alices.organization.pk, filters=CustomerFilters(risk="red"), per_page=100)
    assert taken.value.suggested_filename.startswith("customers-20")
    assert told.startswith("\ufeffCustomer,E-mail,Score,Level,")
    names = [line.split(",")[0] for line in told.splitlines()[1:]]
    assert names == [row.name for row in red.customers]


@pytest.mark.parametrize("forgiven", [("status of 503", "Error Code 503")])
def test_when_the_list_cannot_be_read_it_says_so_and_recovers(
    customers: Page, alices: Seeded
) -> None:
    asked = re.compile("/customers.*search=chen")
    customers.route(asked, lambda route: route.fulfill(status=503))
    customers.locator("#customer-search").fill("chen")
    trouble = customers.locator("#results-trouble")
    expect(trouble).to_be_visible()
    expect(trouble).to_contain_text("The list could not be read")

    customers.unroute(asked)
    trouble.get_by_role("button", name="Try again").click()
    customers.wait_for_url("**search=chen")
    expect(trouble).to_be_hidden()


def test_names_of_every_kind_keep_the_layout(
    customers: Page, alices: Seeded, live_server: LiveServer
) -> None:
    org_id = alices.organization.pk
    hostile = ("<b>bold</b>", '"><img src=x onerror=alert(1)>', "\u202egnp.exe", "W" * 300, "")
    worst = list_customers(org_id, filters=CustomerFilters(), sort="score").customers
    for row, name in zip(worst, hostile, strict=False):
        Customer.objects.for_org(org_id).filter(pk=row.id).update(name=name or None, tags=[name])
    for width in (390, 1440):
        customers.set_viewport_size({"width": width, "height": 900})
        customers.goto(live_server.url + "/customers")
        assert rows(customers)[0] == "<b>bold</b>"
        assert not customers.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("scripted", [False])
def test_without_script_the_list_filters_pages_and_acts(customers: Page) -> None:
    customers.locator("#filter-level summary").click()
    customers.get_by_role("checkbox", name="Healthy").check()
    customers.get_by_role("button", name="Show").click()
    customers.wait_for_url("**risk=green**")
    customers.locator("[data-pick]").first.check()
    customers.get_by_role("button", name="Add a note").click()
    customers.get_by_label("Note", exact=True).fill("By hand")
    customers.get_by_role("button", name="Add note").click()
    expect(customers.locator(".toast")).to_contain_text("Note added to 1 customer.")
    customers.locator("#list-columns summary").click()
    customers.get_by_label("Owner").last.check()
    customers.get_by_role("button", name="Use these").click()
    expect(customers.get_by_role("columnheader", name="Owner")).to_be_visible()
    customers.get_by_role("link", name="Score", exact=True).click()
    customers.wait_for_url("**order=desc**")
