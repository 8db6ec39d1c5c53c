"""From an error to its section, searching, and reading without JavaScript or on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import seeding

pytestmark = pytest.mark.browser


def test_an_error_leads_to_its_section(alice: Page, live_server: LiveServer) -> None:
    alice.goto(live_server.url + "/integrations/intercom/callback?error=redirect_uri_mismatch")
    alice.get_by_role("link", name="More about this").click()

    expect(alice).to_have_url(re.compile("/help/problems-connecting#intercom-does-not-accept"))
    heading = alice.get_by_role("heading", name="Intercom does not accept the return address")
    expect(heading).to_be_in_viewport()
    expect(alice.get_by_text("What to do, if you run PulseScore: add the redirect")).to_be_visible()


def test_the_guide_is_searched_from_any_of_its_pages(alice: Page, live_server: LiveServer) -> None:
    alice.goto(live_server.url + "/help/scoring")
    alice.keyboard.press("/")
    alice.keyboard.type("signature 401")
    alice.keyboard.press("Enter")
    alice.get_by_role("link", name="Intercom says 401").click()

    expect(alice.get_by_role("heading", name="Intercom says 401")).to_be_in_viewport()


def test_a_block_of_code_is_copied_whole(alice: Page, live_server: LiveServer) -> None:
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alice.goto(live_server.url + "/help/webhooks")
    alice.get_by_role("button", name="Copy this block").first.click()

    copied = alice.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("/api/v1/webhooks/intercom")


def test_a_heading_can_be_linked_to(visitor: Page, live_server: LiveServer) -> None:
    visitor.goto(live_server.url + "/help/scoring")
    visitor.get_by_role("link", name="Link to Half points").click()

    expect(visitor).to_have_url(live_server.url + "/help/scoring#half-points")


def test_one_page_follows_the_other(visitor: Page, live_server: LiveServer) -> None:
    visitor.goto(live_server.url + "/help")
    visitor.get_by_role("link", name="Getting started").first.click()
    visitor.get_by_role("link", name="Next Connect an Intercom workspace").click()

    expect(visitor.get_by_role("heading", level=1)).to_have_text("Connect an Intercom workspace")


@pytest.mark.parametrize("scripted", [False])
def test_everything_can_be_read_without_javascript(
    visitor: Page, live_server: LiveServer, scripted: bool
) -> None:
    visitor.goto(live_server.url + "/help")
    visitor.get_by_label("Search the guide").first.fill("reopen rate")
    visitor.keyboard.press("Enter")
    visitor.get_by_role("link", name="Reopen rate").first.click()

    expect(visitor.get_by_role("heading", name="Reopen rate")).to_be_in_viewport()
    expect(visitor.get_by_role("button", name="Copy this block").first).to_be_hidden()


def test_on_a_phone_pages_and_contents_unfold(visitor: Page, live_server: LiveServer) -> None:
    visitor.set_viewport_size({"width": 390, "height": 800})
    visitor.goto(live_server.url + "/help/scoring")
    visitor.get_by_text("On this page").first.click()
    visitor.get_by_role("link", name="When there is no score").first.click()
    expect(visitor.get_by_role("heading", name="When there is no score")).to_be_in_viewport()

    visitor.get_by_text("All pages of the guide").click()
    visitor.get_by_role("link", name="Privacy").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Privacy")
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_stranger_comes_back_after_logging_in(
    visitor: Page, alices: object, live_server: LiveServer
) -> None:
    visitor.goto(live_server.url + "/help/api")
    visitor.get_by_role("link", name="Log in").click()
    visitor.get_by_label("E-mail").fill("alice@example.com")
    visitor.locator("#id_password").fill(seeding.PASSWORD)
    visitor.get_by_role("button", name="Log in").click()

    expect(visitor).to_have_url(live_server.url + "/help/api")
