"""The frame in each of its states: nothing for axe to object to, nothing wider than the screen."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from pulsescore.core.clock import utcnow
from tests import seeding
from tests.journeys.pages.conftest import wide
from tests.seeding import Seeded

pytestmark = pytest.mark.browser

TELL = """document.body.dispatchEvent(new CustomEvent('pulse:toast', { detail: {
    text: 'You were logged out.', href: '/login', link: 'Log in again', trouble: true, lasting: true
} }))"""


def help_menu(page: Page) -> None:
    page.locator("summary[aria-label=Help]").click()


def person_menu(page: Page) -> None:
    page.locator("summary:visible", has_text="Ada Lovelace").or_(
        page.locator("summary:visible", has_text="Your account")
    ).first.click()


def shortcuts(page: Page) -> None:
    page.keyboard.press("?")


def toast(page: Page) -> None:
    page.evaluate(TELL)


STATES: tuple[Callable[[Page], None], ...] = (help_menu, person_menu, shortcuts, toast)


def objections(page: Page, state: str) -> list[str]:
    found = [
        f"{state}: {one['id']}: {node['target']} {node['failureSummary']}"
        for one in Axe().run(page).response["violations"]
        for node in one["nodes"]
    ]
    return [*found, f"{state}: wider than the screen"] if wide(page) else found


@pytest.mark.parametrize(("scheme", "width"), [("dark", 390), ("light", 1440)])
def test_no_state_of_the_frame_keeps_anybody_out(
    *, scheme: str, width: int, alice: Page, alices: Seeded, live_server: LiveServer
) -> None:
    alice.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    alice.set_viewport_size({"width": width, "height": 900})
    seeding.Connection.objects.for_org(alices.organization.pk).update(
        status="needs_attention", last_error="The token was revoked. " * 20
    )
    alice.goto(live_server.url)
    found = objections(alice, "a connection needs attention")

    for show in STATES:
        show(alice)
        found += objections(alice, show.__name__)
        alice.keyboard.press("Escape")
    seeding.add_run(alices.connection, status="running", now=utcnow())
    alice.goto(live_server.url + "/theme")
    found += objections(alice, "not a page, while a run is under way")

    assert found == []
