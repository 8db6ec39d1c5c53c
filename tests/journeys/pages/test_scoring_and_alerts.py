"""Settings are tried by dragging, and what fires is seen, taken in hand and read."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from pulsescore.core.clock import utcnow
from tests import seeding_alerts
from tests.seeding import Seeded

pytestmark = pytest.mark.browser


def test_settings_are_tried_by_keys_and_an_alert_arrives_meanwhile(
    alice: Page, alices: Seeded, live_server: LiveServer
) -> None:
    alice.goto(live_server.url + "/settings/scoring")
    weight = alice.get_by_label("Weight of Reopen rate, slider")
    weight.press("PageUp")
    expect(alice.locator("[data-weights-total]")).to_have_text("100 %")
    given = [float(one.input_value()) for one in alice.locator("input[name^='weight.']").all()]
    assert sum(given) == 100
    assert float(weight.input_value()) == given[3] > 20

    green = alice.get_by_label("Healthy from this score on, slider")
    green.press("End")
    expect(alice.locator("#id_green")).to_have_value("100")
    green.press("Home")
    expect(alice.locator("#id_green")).to_have_value("41")
    green.press("End")
    expect(alice.get_by_text("Biggest movers")).to_be_visible()

    seeding_alerts.add_alerts(alices, now=utcnow())
    expect(alice.locator(".bell-count")).to_have_text("1")
    expect(alice.locator("#id_green")).to_have_value("100")
    alice.get_by_text("See who").click()
    expect(alice.get_by_role("heading", name="Who would change level")).to_be_visible()

    alice.keyboard.press("g")
    alice.keyboard.press("a")
    alice.wait_for_url("**/alerts")
    alice.get_by_role("button", name="Take it").click()
    expect(alice.get_by_text("in hand of")).to_have_count(2)
    alice.locator("#bell > summary").click()
    alice.get_by_role("button", name="Unread").click()
    alice.wait_for_url("**/customers/*")
    expect(alice.locator(".bell-count")).to_have_count(0)
