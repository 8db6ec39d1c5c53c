"""Two steps, passkeys, ended log-ins, the theme and the time zone, as a browser has them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from pulsescore.accounts.models import User
from pulsescore.accounts.two_step import totp
from pulsescore.core.clock import utcnow
from tests.seeding import PASSWORD, Seeded

pytestmark = pytest.mark.browser


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/login")
    page.get_by_label("E-mail").fill("alice@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


@pytest.fixture
def elsewhere(chromium: Browser) -> Iterator[Page]:
    """Another browser."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def test_two_steps_are_set_up_and_asked_for(
    alice: Page, alices: Seeded, elsewhere: Page, live_server: LiveServer
) -> None:
    alice.goto(live_server.url + "/settings/security")
    alice.get_by_role("link", name="Set up").click()
    expect(alice.locator(".qr svg")).to_be_visible()
    secret = alice.locator(".copy code").inner_text().replace(" ", "")
    alice.get_by_label("Enter the code it shows").fill(totp.code_at(secret, utcnow()))
    alice.get_by_label("Enter your password", exact=True).fill(PASSWORD)
    alice.get_by_role("button", name="Turn on").click()
    expect(alice.locator(".codes li")).to_have_count(10)
    recovery = alice.locator(".codes li").first.inner_text()

    log_in(elsewhere, live_server.url)
    expect(elsewhere.get_by_role("heading", name="Second step")).to_be_visible()
    elsewhere.get_by_label("Code").fill("000000")
    elsewhere.get_by_role("button", name="Continue").click()
    expect(elsewhere.get_by_text("This code is wrong")).to_be_visible()
    elsewhere.get_by_label("Code").fill(recovery)
    elsewhere.get_by_role("button", name="Continue").click()
    elsewhere.wait_for_url(f"{live_server.url}/")
    expect(elsewhere.get_by_text("9 are left")).to_be_visible()


def test_ending_a_log_in_puts_the_other_browser_out(
    alice: Page, alices: Seeded, elsewhere: Page, live_server: LiveServer
) -> None:
    log_in(elsewhere, live_server.url)
    elsewhere.wait_for_url(f"{live_server.url}/")
    alice.goto(live_server.url + "/settings/security")
    alice.get_by_role("button", name=re.compile("^Log out Chrome")).click()
    expect(alice.get_by_text("That log-in has ended.")).to_be_visible()

    elsewhere.goto(live_server.url + "/customers")
    expect(elsewhere.get_by_role("heading", name="Log in")).to_be_visible()
    alice.goto(live_server.url + "/customers")
    expect(alice.get_by_role("heading", name="Customers")).to_be_visible()


def test_a_passkey_is_made_and_lets_in(
    alice: Page, alices: Seeded, live_server: LiveServer, settings: object
) -> None:
    settings.PUBLIC_URL = live_server.url  # type: ignore[attr-defined]
    browser = alice.context.new_cdp_session(alice)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    alice.goto(live_server.url + "/settings/security")
    alice.get_by_text("Add a passkey").click()
    part = alice.locator("form[data-passkey-part]")
    part.get_by_label("Your password").fill("wrong")
    part.get_by_role("button", name="Create passkey").click()
    expect(alice.get_by_text("This is not your present password.")).to_be_visible()
    part.get_by_label("Your password").fill(PASSWORD)
    part.get_by_label("Name").fill("Laptop")
    part.get_by_role("button", name="Create passkey").click()
    expect(alice.locator(".codes li")).to_have_count(10)

    alice.context.clear_cookies()
    log_in(alice, live_server.url)
    alice.get_by_role("button", name="Use a passkey").click()
    alice.wait_for_url(f"{live_server.url}/")
    alice.goto(live_server.url + "/settings/security")
    expect(alice.get_by_text("Laptop", exact=True).first).to_be_visible()
    expect(alice.get_by_text("last used just now")).to_be_visible()


def test_the_theme_changes_at_once_and_stays(
    alice: Page, alices: Seeded, live_server: LiveServer
) -> None:
    alice.goto(live_server.url + "/settings/profile")
    alice.locator("main").get_by_role("button", name="Dark").click()
    expect(alice.locator("html")).to_have_attribute("data-theme", "dark")
    alice.goto(live_server.url + "/customers")
    expect(alice.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_devices_time_zone_is_offered(
    alices: Seeded, chromium: Browser, live_server: LiveServer
) -> None:
    context = chromium.new_context(timezone_id="Pacific/Auckland")
    page = context.new_page()
    log_in(page, live_server.url)
    page.wait_for_url(f"{live_server.url}/")
    page.goto(live_server.url + "/settings/profile")
    page.get_by_role("button", name="Use Pacific/Auckland").click()
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Profile saved.")).to_be_visible()
    assert User.objects.get(id=alices.user.pk).time_zone == "Pacific/Auckland"
    context.close()


@pytest.mark.parametrize("scripted", [False])
def test_passwords_and_log_ins_work_without_script(
    alice: Page, alices: Seeded, live_server: LiveServer
) -> None:
    alice.goto(live_server.url + "/settings/security")
    alice.get_by_label("Present password").fill(PASSWORD)
    alice.get_by_label("New password").fill("another long one")
    alice.get_by_role("button", name="Change password").click()
    expect(alice.get_by_text("Password changed.")).to_be_visible()
    alice.get_by_role("button", name="Log out everywhere else").click()
    expect(alice.get_by_text("You are logged out everywhere else.")).to_be_visible()
