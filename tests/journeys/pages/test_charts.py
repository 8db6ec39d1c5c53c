"""Charts under pointer, keys and finger, and without script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture
def style(visitor: Page, live_server: LiveServer, settings: Settings) -> Page:
    """The style page, which holds every chart with much, with one and with nothing."""
    settings.DEBUG = True
    visitor.goto(live_server.url + "/_style")
    return visitor


def plot(page: Page, name: str) -> Locator:
    found = page.locator(f"#{name}")
    found.scroll_into_view_if_needed()
    return found


def test_a_pointer_shows_the_exact_values_of_a_day(style: Page) -> None:
    area = plot(style, "light-area")
    box = area.bounding_box()
    assert box is not None

    style.mouse.move(box["x"] + box["width"] - 2, box["y"] + 80)

    tip = area.locator(".tip")
    expect(tip).to_contain_text("31 Mar 2026")
    expect(tip).to_contain_text(re.compile(r"Healthy \d+.*At risk \d+.*Critical \d+"))
    expect(area.locator(".plot-mark")).to_have_count(3)

    style.mouse.move(box["x"] + 2, box["y"] + 80)
    expect(tip).to_contain_text("1 Jan 2026")

    style.mouse.move(2, 2)
    expect(tip).to_be_hidden()


def test_a_tooltip_stays_within_its_chart(style: Page) -> None:
    for name in ("light-area", "light-history"):
        area = plot(style, name)
        box = area.bounding_box()
        assert box is not None
        for share in (0.01, 0.3, 0.6, 0.99):
            style.mouse.move(box["x"] + box["width"] * share, box["y"] + 60)
            tip = area.locator(".tip").bounding_box()
            assert tip is not None
            assert tip["x"] >= box["x"] - 1
            assert tip["x"] + tip["width"] <= box["x"] + box["width"] + 1


def test_arrow_keys_walk_from_day_to_day_and_announce_each(style: Page) -> None:
    history = plot(style, "light-history")
    said = history.locator("[data-plot-live]")
    history.focus()

    history.press("End")
    expect(said).to_have_text(re.compile(r"^31 Mar 2026, Score \d+ · Critical$"))
    history.press("ArrowLeft")
    expect(said).to_contain_text("30 Mar 2026")
    history.press("PageDown")
    expect(said).to_contain_text("23 Mar 2026")
    history.press("Home")
    expect(said).to_have_text(re.compile("^1 Jan 2026, .*reconstructed$"))
    history.press("ArrowLeft")
    expect(said).to_contain_text("1 Jan 2026")
    expect(history.locator(".tip")).to_contain_text("1 Jan 2026")

    history.press("Escape")
    expect(history.locator(".tip")).to_be_hidden()


def test_a_plot_tells_readers_of_the_screen_what_it_is_and_how_to_walk(style: Page) -> None:
    history = plot(style, "light-history")
    expect(history).to_have_attribute("role", "application")
    expect(history).to_have_attribute("aria-label", re.compile(r"Score from \d+ on .* lowest"))
    expect(history).to_have_attribute("aria-description", re.compile("Arrow keys"))


def test_tab_reaches_each_bar_and_shows_its_count(style: Page) -> None:
    bars = style.locator("#histogram [data-theme=light] .histogram").first
    bars.locator("a").first.focus()
    style.keyboard.press("Tab")

    expect(bars.locator("a").nth(1)).to_be_focused()
    expect(bars.locator(".tip")).to_have_text(re.compile(r"Scores 10 to 19\s*9 customers"))
    expect(bars.locator("a").nth(1)).to_have_attribute("href", re.compile("score_from=10"))


def test_a_slice_shows_its_share(style: Page) -> None:
    ring = style.locator("#donut [data-theme=light] .donut").first
    ring.locator("a").nth(1).focus()
    expect(ring.locator(".tip")).to_have_text(re.compile(r"At risk\s*140 customers, 13 %"))


def test_every_chart_keeps_its_height_with_much_one_and_nothing(style: Page) -> None:
    heights = style.evaluate(
        """() => [...document.querySelectorAll(".plot, .histogram, .chart-empty")]
             .map((one) => Math.round(one.getBoundingClientRect().height))"""
    )
    assert len(heights) == 28
    assert set(heights) == {156, 212}


def test_the_table_unfolds_with_the_same_days(style: Page) -> None:
    part = style.locator("#line [data-theme=light]")
    part.get_by_text("Show as table").first.click()
    rows = part.locator("table").first.locator("tbody tr")
    expect(rows).to_have_count(90)
    expect(rows.first).to_contain_text("31 Mar 2026")


def test_both_themes_stand_side_by_side_in_colours_of_their_own(style: Page) -> None:
    fills = [
        style.locator(f"#histogram [data-theme={side}] .bar-shape").first.evaluate(
            "bar => getComputedStyle(bar).fill"
        )
        for side in ("light", "dark")
    ]
    assert fills[0] != fills[1]


@pytest.mark.parametrize("scripted", [False])
def test_without_script_charts_are_drawn_and_each_day_tells_itself(
    visitor: Page, live_server: LiveServer, settings: Settings
) -> None:
    settings.DEBUG = True
    visitor.goto(live_server.url + "/_style")

    history = plot(visitor, "light-history")
    expect(history.locator("path.plot-line").first).to_be_visible()
    title = history.locator("[data-point] title").last
    expect(title).to_have_text(re.compile(r"31 Mar 2026\s+Score \d+ · Critical"))
    visitor.get_by_text("Show as table").first.click()
    expect(visitor.locator(".table-tight tbody tr").first).to_be_visible()


def test_the_dashboards_chart_is_walked_by_keys(alice: Page) -> None:
    trend = alice.locator("#trend")
    trend.focus()
    trend.press("End")
    expect(trend.locator("[data-plot-live]")).to_contain_text("Critical")


def test_a_bar_leads_to_its_customers(alice: Page) -> None:
    bars = alice.locator(".histogram a", has=alice.locator(".count"))
    last = bars.last
    count = last.locator(".count").text_content()
    last.focus()
    alice.keyboard.press("Enter")
    alice.wait_for_url("**/customers?score_from=*")
    expect(alice.locator("[data-row-link]")).to_have_count(int(count or 0))


@pytest.mark.parametrize("width", [390, 1440])
def test_no_component_keeps_anybody_out(style: Page, width: int) -> None:
    style.set_viewport_size({"width": width, "height": 900})
    found = [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in Axe().run(style).response["violations"]
        for node in one["nodes"]
    ]
    assert found == []
    assert style.evaluate("document.documentElement.scrollWidth <= innerWidth")
