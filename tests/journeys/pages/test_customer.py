"""One customer and one company, as people read, search and write there."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from pulsescore.core.clock import utcnow
from pulsescore.scoring import queries
from pulsescore.scoring.actions import rescore
from pulsescore.store.models import Conversation, Customer
from tests.seeding import Seeded

pytestmark = pytest.mark.browser

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script> ' + "שלום 🦊" * 40


@pytest.fixture
def worst(alices: Seeded) -> int:
    org_id = alices.organization.pk
    filters = queries.CustomerFilters()
    return queries.list_customers(org_id, filters=filters, sort="score").customers[0].id


@pytest.fixture
def page_of(alice: Page, worst: int) -> Page:
    """The page of the customer with the lowest score."""
    alice.goto(f"{alice.url}customers/{worst}")
    # Whoever reloads the page loses this mark.
    alice.evaluate("window.sameDocument = true")
    return alice


def is_same_document(page: Page) -> bool:
    return bool(page.evaluate("window.sameDocument === true"))


def test_tabs_and_filters_swap_in_place_and_stand_in_the_address(page_of: Page) -> None:
    page_of.locator("#tab-timeline").click()
    expect(page_of.locator("#tab-timeline")).to_have_attribute("aria-current", "page")
    page_of.wait_for_url("**tab=timeline*")

    page_of.locator("#timeline-type").select_option("First health score")
    page_of.wait_for_url("**type=First*")
    expect(page_of.locator(".timeline > li")).to_have_count(1)
    expect(page_of.locator(".timeline")).to_contain_text("First score:")
    assert is_same_document(page_of)

    page_of.reload()
    expect(page_of.locator("#timeline-type")).to_have_value("First health score")
    page_of.get_by_role("link", name="Show everything").click()
    expect(page_of.locator("#timeline-type")).to_have_value("")


def test_going_back_restores_the_tab(page_of: Page) -> None:
    page_of.locator("#tab-attributes").click()
    expect(page_of.locator("#attribute-search")).to_be_visible()
    page_of.locator("#tab-companies").click()
    expect(page_of.locator("#tabs")).to_contain_text("Worst member")

    page_of.go_back()

    expect(page_of.locator("#attribute-search")).to_be_visible()


def test_what_changed_is_compared_with_another_day(page_of: Page) -> None:
    page_of.locator("#tab-notes").click()
    page_of.wait_for_url("**tab=notes*")
    page_of.locator("#since-1").click()

    page_of.wait_for_url("**tab=notes*since=1*")
    expect(page_of.locator("#since-1")).to_have_attribute("aria-current", "true")
    expect(page_of.locator(".standing-headline")).to_contain_text("24 hours")
    expect(page_of.locator("#history")).to_be_visible()
    assert is_same_document(page_of)


def test_a_factor_leads_to_its_conversations(page_of: Page) -> None:
    door = page_of.locator("#door-reopen_rate")
    words = door.inner_text()
    door.click()

    page_of.wait_for_url("**show=reopen_rate*")
    expect(page_of.locator("#tabs")).to_contain_text("reopened, of the last 30 days")
    count = re.search(r"\d+", words)
    rows = page_of.locator("#tabs tbody tr")
    expect(rows).to_have_count(int(count.group()) if count else 1)
    page_of.get_by_role("link", name="Show all conversations").click()
    expect(page_of.locator("#show-all")).to_have_attribute("aria-current", "true")


def test_a_note_is_written_changed_and_deleted(page_of: Page) -> None:
    page_of.get_by_role("link", name="Add note").click()
    page_of.get_by_label("New note").fill("Call mia@example.com tomorrow")
    page_of.get_by_role("button", name="Add note").click()
    note = page_of.locator(".note")
    expect(note.get_by_role("link", name="mia@example.com")).to_be_visible()

    note.get_by_role("link", name="Edit").click()
    page_of.get_by_label("Change this note").fill("Called.")
    page_of.get_by_role("button", name="Save").click()
    expect(note).to_contain_text("Called.")
    expect(note).to_contain_text("changed")

    note.get_by_role("button", name="Delete").click()
    expect(page_of.locator("#tabs")).to_contain_text("No notes yet")


def test_attributes_are_found_while_typing(page_of: Page) -> None:
    page_of.locator("#tab-attributes").click()
    page_of.locator("#attribute-search").press_sequentially("seats")

    expect(page_of.locator(".attribute-list dt")).to_have_text(["seats"])
    expect(page_of.locator("#attribute-search")).to_be_focused()
    expect(page_of.get_by_role("button", name="Copy seats")).to_be_visible()


def test_a_new_score_appears_by_itself_and_leaves_the_rest_alone(
    page_of: Page, worst: int, alices: Seeded
) -> None:
    before = page_of.locator(".score-big .score-number").inner_text()
    page_of.locator("#show-open").click()
    expect(page_of.locator("#show-open")).to_have_attribute("aria-current", "true")
    now = utcnow() + timedelta(seconds=1)
    Conversation.objects.for_org(alices.organization.pk).update(
        status="closed", reopen_count=0, updated_at=now
    )
    rescore(org_id=alices.organization.pk, customer_ids=[worst], now=now)

    page_of.evaluate("document.body.dispatchEvent(new CustomEvent('pulse:scores'))")

    expect(page_of.locator(".score-big .score-number")).not_to_have_text(before)
    expect(page_of.locator("#tabs")).to_contain_text("None of this kind")
    assert is_same_document(page_of)


def test_erasing_asks_first(page_of: Page, worst: int) -> None:
    page_of.locator("summary[title^='More about']").click()
    page_of.get_by_role("link", name="Erase this person…").click()
    dialog = page_of.get_by_role("dialog", name=re.compile("^Erase"))
    expect(dialog).to_contain_text("A sync does not bring them back")
    dialog.get_by_role("link", name="Keep").click()
    expect(dialog).not_to_be_visible()
    assert Customer.objects.across_orgs("the test's own").filter(pk=worst).exists()

    page_of.locator("summary[title^='More about']").click()
    page_of.get_by_role("link", name="Erase this person…").click()
    dialog.get_by_role("button", name="Erase for good").click()
    page_of.wait_for_url("**/customers")
    expect(page_of.locator(".toast")).to_contain_text("was erased")


def test_from_the_worst_company_to_one_of_its_people(alice: Page) -> None:
    alice.goto(alice.url + "companies")
    everything = alice.locator("[data-row-link]")
    expect(everything).to_have_count(6)
    alice.locator("#company-search").press_sequentially("hoo")
    alice.wait_for_url("**search=hoo*")
    expect(everything).to_have_count(1)
    everything.first.click()

    expect(alice.get_by_role("heading", name="Hooli")).to_be_visible()
    expect(alice.locator(".score-big")).to_be_visible()
    alice.get_by_role("link", name="Last seen").click()
    alice.wait_for_url("**sort=last_seen_at*")
    alice.locator("#member-rows [data-row-link]").first.click()
    alice.wait_for_url(re.compile(r"/customers/\d+$"))
    expect(alice.locator(".customer-line")).to_contain_text("Hooli")


@pytest.mark.parametrize("scripted", [False])
def test_everything_is_reached_without_script(page_of: Page) -> None:
    page_of.locator("#tab-timeline").click()
    page_of.locator("#timeline-type").select_option("User started conversation")
    page_of.get_by_role("button", name="Show").click()
    page_of.wait_for_url("**type=User*")
    expect(page_of.locator(".timeline").first).to_contain_text("Started a conversation")
    page_of.locator("#door-open_tickets").click()
    page_of.wait_for_url("**show=open_tickets*")
    page_of.locator("#tab-notes").click()
    page_of.get_by_label("New note").fill("Without script.")
    page_of.get_by_role("button", name="Add note").click()
    expect(page_of.locator(".note")).to_contain_text("Without script.")


@pytest.mark.parametrize("width", [390, 1440])
def test_hostile_and_endless_names_stay_within_the_page(
    width: int, alice: Page, worst: int, alices: Seeded
) -> None:
    org_id = alices.organization.pk
    Customer.objects.for_org(org_id).filter(pk=worst).update(
        name=HOSTILE, email="x" * 300 + "@example.com", tags=["t" * 120, HOSTILE], city=HOSTILE
    )
    Conversation.objects.for_org(org_id).update(subject=HOSTILE, tags=[HOSTILE])
    alice.set_viewport_size({"width": width, "height": 900})
    home = alice.url
    for tab in ("conversations", "attributes", "notes"):
        alice.goto(f"{home}customers/{worst}?tab={tab}")
        assert not alice.evaluate("document.documentElement.scrollWidth > innerWidth"), tab
    expect(alice.get_by_role("heading", level=1)).to_contain_text("<script>")


def test_a_score_is_set_by_hand_in_a_dialog_and_given_back(page_of: Page) -> None:
    page_of.get_by_role("link", name="Override").click()
    dialog = page_of.get_by_role("dialog", name="Override the score")
    dialog.get_by_label("Set to").select_option("green")
    dialog.get_by_label("Why").fill("They renewed on the phone")
    dialog.get_by_role("button", name="Set it").click()

    now = page_of.locator("#now")
    expect(now).to_contain_text("They renewed on the phone")
    expect(now.locator(".score-big")).to_contain_text("Healthy")
    expect(now).to_contain_text("The factors come to")
    now.get_by_role("link", name="Compare two dates").click()
    expect(page_of.get_by_role("heading", level=1)).to_contain_text("between two dates")
    page_of.go_back()
    page_of.get_by_role("button", name="End it now").click()
    expect(page_of.locator("#now")).not_to_contain_text("They renewed on the phone")
