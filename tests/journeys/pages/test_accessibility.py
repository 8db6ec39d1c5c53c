"""Every page in both themes: nothing for axe to object to, nothing wider than the screen."""

import os
from collections.abc import Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.journeys.pages.addresses import OPEN_PAGES, closed_pages
from tests.seeding import Seeded

pytestmark = pytest.mark.browser

# Between the two there is the least room for tables where links stand beside the page.
WIDTHS = PHONE, TABLET, DESK = 390, 1024, 1440


def objections(page: Page, address: str, *, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds, by all its rules or by some; and whether the page is too wide."""
    page.goto(address, wait_until="load")
    shown = page.viewport_size
    assert shown
    options = {"runOnly": [*rules]} if rules else None
    found = [
        f"{address}: {one['id']}: {node['target']} {node['failureSummary']}"
        for one in Axe().run(page, options=options).response["violations"]
        for node in one["nodes"]
    ]
    for width in sorted(WIDTHS, key=lambda width: width != shown["width"]):
        if width != shown["width"]:
            page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{address}: wider than a screen of {width} pixels")
    page.set_viewport_size(shown)
    return found


# Every other page is enough for each change; all of them are tried with this set.
EVERY_PAGE = bool(os.environ.get("PULSESCORE_EVERY_PAGE"))
# What another theme and more room can change.
_BY_THEME = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")


def test_nobody_is_kept_out(alice: Page, alices: Seeded, live_server: LiveServer) -> None:
    alice.emulate_media(color_scheme="light", reduced_motion="reduce")
    alice.set_viewport_size({"width": PHONE, "height": 900})

    found = [
        one
        for path in closed_pages(alices)[:: 1 if EVERY_PAGE else 2]
        for one in objections(alice, live_server.url + path)
    ]

    assert found == []


def test_nobody_is_kept_out_in_the_dark(
    alice: Page, alices: Seeded, live_server: LiveServer
) -> None:
    """Pages between the others: what is dark comes from the same few colours everywhere."""
    alice.emulate_media(color_scheme="dark", reduced_motion="reduce")
    alice.set_viewport_size({"width": DESK, "height": 900})

    found = [
        one
        for path in closed_pages(alices)[1 :: 1 if EVERY_PAGE else 4]
        for one in objections(alice, live_server.url + path, rules=_BY_THEME)
    ]

    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out_at_the_front_door(
    scheme: str, visitor: Page, live_server: LiveServer
) -> None:
    visitor.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    found = [one for path in OPEN_PAGES for one in objections(visitor, live_server.url + path)]

    assert found == []


def test_errors_in_a_form_are_announced_and_legible(visitor: Page, live_server: LiveServer) -> None:
    visitor.goto(live_server.url + "/signup")
    visitor.get_by_role("button", name="Create account").click()

    assert Axe().run(visitor).violations_count == 0
    assert visitor.locator("[aria-invalid=true]").count() == 5
