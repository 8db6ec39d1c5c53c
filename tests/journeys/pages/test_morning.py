"""The morning look: by keyboard alone, on a phone, and without script."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from pulsescore.core.clock import utcnow
from pulsescore.scoring.models import HealthScore, ScorePoint
from tests.journeys.pages.conftest import wide
from tests.seeding import Seeded

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def test_a_whole_morning_by_keyboard(alice: Page) -> None:
    alice.keyboard.press("Tab")
    expect(alice.get_by_role("link", name="Skip to content")).to_be_focused()
    alice.keyboard.press("Enter")
    expect(alice.locator("#main")).to_be_focused()

    alice.keyboard.press("j")
    worst = alice.locator(".case").first
    expect(worst).to_be_focused()
    alice.keyboard.press("Enter")
    alice.wait_for_url(re.compile(r"/customers/\d+"))

    alice.keyboard.press("j")
    alice.wait_for_function("document.activeElement.matches('[data-row-link]')")
    address = alice.evaluate("document.activeElement.href")
    assert re.search(r"intercom.*conversation", address), "one key leads to the first conversation"

    for key, place in (("c", "/customers"), ("o", "/companies"), ("s", "/settings"), ("d", "/")):
        alice.keyboard.press("g")
        alice.keyboard.press(key)
        alice.wait_for_url(f"**{place}**" if len(place) > 1 else "**/")


def test_every_key_of_the_list_does_what_it_says(alice: Page) -> None:
    alice.keyboard.press("?")
    dialog = alice.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    listed = set(dialog.locator("kbd").all_inner_texts())
    alice.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    assert listed >= {"/", "?", "g", "d", "c", "o", "s", "j", "k", "Esc", "Enter"}
    alice.keyboard.press("/")
    expect(alice.locator("[data-global-search]")).to_be_focused()


def test_menus_open_close_and_give_the_focus_back(alice: Page) -> None:
    help_menu = alice.locator("summary[aria-label=Help]")
    help_menu.focus()
    alice.keyboard.press("Enter")
    alice.keyboard.press("ArrowDown")
    expect(alice.get_by_role("link", name="Guide")).to_be_focused()
    alice.keyboard.press("ArrowUp")
    expect(alice.get_by_role("link", name="System status")).to_be_focused()
    alice.keyboard.press("Escape")
    expect(help_menu).to_be_focused()
    expect(alice.get_by_role("link", name="System status")).to_be_hidden()


def test_the_theme_is_two_keys_away_and_stays(alice: Page) -> None:
    alice.locator(".side summary", has_text="Ada Lovelace").click()
    alice.locator(".side").get_by_role("button", name="Dark").click()

    expect(alice.locator("html")).to_have_attribute("data-theme", "dark")
    alice.reload()
    expect(alice.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_sentence_opens_exactly_those_it_counts(alice: Page, alices: Seeded) -> None:
    org_id = alices.organization.pk
    critical = HealthScore.objects.for_org(org_id).filter(risk_level="red").values("customer_id")
    ScorePoint.objects.for_org(org_id).filter(
        customer_id__in=critical, at__lte=utcnow() - timedelta(days=7)
    ).update(score=60, risk_level="yellow")
    alice.reload()
    link = alice.locator("#see-worsened")
    expect(link).to_be_visible()
    told = re.search(r"([\d,]+) customers? became critical", alice.locator(".lead").inner_text())
    assert told

    link.click()
    alice.wait_for_url("**became=red**")

    expect(alice.locator("tbody [data-row-link]")).to_have_count(int(told.group(1)))


def test_the_average_is_a_tab_away_and_back(alice: Page) -> None:
    alice.get_by_role("link", name="Average", exact=True).click()
    alice.wait_for_url("**trend=average")
    expect(alice.locator("#trend-average")).to_have_attribute("aria-current", "true")
    alice.go_back()
    expect(alice.locator("#trend-levels")).to_have_attribute("aria-current", "true")


def test_the_morning_fits_a_phone(alice: Page) -> None:
    alice.set_viewport_size(PHONE)  # type: ignore[arg-type]
    alice.reload()

    expect(alice.locator(".lead")).to_contain_text("Ada.")
    assert not wide(alice)
    alice.locator(".case").first.click()
    alice.wait_for_url(re.compile(r"/customers/\d+"))
    assert not wide(alice)
    alice.locator(".bottom-nav").get_by_role("link", name="Dashboard").click()
    alice.locator(".topbar summary", has_text="Your account").click()
    expect(alice.locator(".topbar").get_by_role("button", name="Log out")).to_be_visible()
    assert not wide(alice)


def test_nothing_moves_once_it_is_painted(alice: Page) -> None:
    alice.add_init_script(
        "new PerformanceObserver(list => { for (const one of list.getEntries())"
        " window.moved = (window.moved ?? 0) + one.value })"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    alice.reload(wait_until="networkidle")

    assert alice.evaluate("window.moved ?? 0") == 0


@pytest.mark.parametrize("scripted", [False])
def test_without_script_the_morning_can_be_read_and_its_forms_work(
    alice: Page, alices: Seeded
) -> None:
    expect(alice.locator(".lead")).to_contain_text("Ada.")
    alice.get_by_role("link", name="Average", exact=True).click()
    alice.wait_for_url("**trend=average")
    alice.get_by_role("button", name="Dismiss").first.click()
    expect(alice.locator("#sync-banner")).to_be_empty()
    alice.locator(".side summary", has_text="Ada Lovelace").click()
    alice.locator(".side").get_by_role("button", name="Dark").click()
    expect(alice.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("path", ["status", "nowhere", "settings/organization"])
def test_plain_pages_fit_a_phone(alice: Page, path: str) -> None:
    alice.set_viewport_size(PHONE)  # type: ignore[arg-type]
    alice.goto(alice.url + path)

    assert not wide(alice)
