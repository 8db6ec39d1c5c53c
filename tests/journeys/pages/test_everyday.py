"""What people do every day, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from pulsescore.scoring.queries import get_config
from tests.seeding import PASSWORD, Seeded

pytestmark = pytest.mark.browser


def test_a_newcomer_signs_up_and_is_led_to_connecting(visitor: Page) -> None:
    visitor.get_by_role("link", name="Create an account").click()
    visitor.get_by_label("Organization").fill("Globex")
    visitor.get_by_label("First name").fill("Dana")
    visitor.get_by_label("Last name").fill("Scott")
    visitor.get_by_label("E-mail").fill("dana@example.com")
    visitor.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.get_by_role("button", name="Create account").click()

    expect(visitor.get_by_role("heading", name="Welcome, Dana.")).to_be_visible()
    expect(visitor.get_by_label("Access token")).to_be_attached()


def test_the_morning_look_leads_from_the_sentence_to_the_conversation(alice: Page) -> None:
    expect(alice.locator(".lead")).to_contain_text("Ada.")
    expect(alice.locator("[data-plot]").first).to_be_visible()

    alice.get_by_role("link", name=re.compile("^Critical")).first.click()
    alice.wait_for_url("**/customers?risk=red*")
    alice.locator("[data-row-link]").first.click()
    expect(alice.get_by_text("Critical", exact=True).first).to_be_visible()
    alice.locator("[data-door]").nth(1).click()

    alice.wait_for_url("**show=open_tickets*")
    link = alice.locator("[data-row-link]").first
    expect(link).to_have_attribute(
        "href", re.compile("https://app.eu.intercom.com/.*conversations")
    )


def test_searching_filters_as_one_types_and_lands_in_the_address(alice: Page) -> None:
    alice.goto(alice.url + "customers")
    rows = alice.locator("[data-row-link]")
    everybody = rows.count()

    alice.locator("#customer-search").press_sequentially("chen")
    alice.wait_for_url("**search=chen*")
    expect(rows.first).to_contain_text("Chen")
    assert rows.count() < everybody
    expect(alice.locator("#customer-search")).to_be_focused()

    alice.reload()
    expect(alice.locator("#customer-search")).to_have_value("chen")
    alice.go_back()
    expect(rows).to_have_count(everybody)


def test_the_keyboard_reaches_everything(alice: Page) -> None:
    alice.keyboard.press("?")
    expect(alice.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    alice.keyboard.press("Escape")
    alice.keyboard.press("g")
    alice.keyboard.press("c")
    alice.wait_for_url("**/customers")
    alice.keyboard.press("j")
    alice.keyboard.press("j")
    expect(alice.locator("[data-row-link]").nth(1)).to_be_focused()
    alice.keyboard.press("k")
    alice.keyboard.press("Enter")
    alice.wait_for_url(re.compile(r"/customers/\d+$"))
    alice.keyboard.press("/")
    expect(alice.locator("[data-global-search]")).to_be_focused()


def test_dragging_a_weight_keeps_the_sum_and_shows_who_would_move(
    alice: Page, alices: Seeded
) -> None:
    alice.goto(alice.url + "settings/scoring")
    slider = alice.get_by_role("slider", name="Weight of Open ticket volume")
    slider.fill("70")

    numbers = [
        int(alice.locator(f"#id_weight_{key}").input_value())
        for key in (
            "support_recency",
            "open_tickets",
            "resolution_time",
            "reopen_rate",
            "response_rate",
        )
    ]
    assert sum(numbers) == 100
    assert numbers[1] == 70
    expect(alice.locator("#preview")).to_contain_text("level")

    alice.get_by_label("Why").fill("Tickets first")
    alice.get_by_role("button", name="Save and rescore everybody").click()
    expect(alice.locator(".toast")).to_contain_text("Version 2 is saved")
    assert get_config(alices.organization.pk)[0].weights["open_tickets"] == pytest.approx(0.7)


def test_disconnecting_asks_first(alice: Page) -> None:
    alice.goto(alice.url + "settings/integrations")
    alice.locator("summary[title^='Actions']").click()
    alice.get_by_role("link", name="Disconnect…").click()
    dialog = alice.get_by_role("dialog", name=re.compile("Disconnect"))
    expect(dialog).to_contain_text("Customers, scores and history stay")
    dialog.get_by_role("link", name="Keep it connected").click()
    expect(dialog).not_to_be_visible()

    alice.locator("summary[title^='Actions']").click()
    alice.get_by_role("link", name="Disconnect…").click()
    dialog.get_by_role("button", name="Disconnect").click()
    expect(alice.locator(".toast")).to_contain_text("is disconnected")


def test_the_banner_goes_when_it_is_dismissed(alice: Page) -> None:
    banner = alice.locator("#sync-banner")
    expect(banner).to_contain_text("Sync complete")
    banner.get_by_role("button", name="Dismiss").click()
    expect(banner).to_be_empty()


@pytest.mark.parametrize("scripted", [False])
def test_everything_reads_and_saves_without_script(alice: Page) -> None:
    expect(alice.locator(".lead")).to_contain_text("Ada.")
    alice.goto(alice.url + "settings/scoring")
    alice.locator("[name='weight.open_tickets']").fill("35")
    alice.locator("[name='weight.reopen_rate']").fill("10")
    alice.get_by_role("button", name="Preview").click()
    expect(alice.locator("#preview")).to_contain_text("level")
