"""The builder of segments keeps up with whoever is quick."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.browser

# As quick as can be: in the moment in which the part appears, before anything else happens.
CHOOSE_AT_ONCE = """([name, value]) => new MutationObserver((_changes, observer) => {
    const choice = document.getElementsByName(name)[0];
    if (choice) {
        observer.disconnect();
        choice.value = value;
        choice.dispatchEvent(new Event('change', { bubbles: true }));
    }
}).observe(document.body, { childList: true, subtree: true })"""


def test_a_choice_made_as_it_appears_is_heard(alice: Page, live_server: LiveServer) -> None:
    alice.goto(live_server.url + "/segments/new")
    chosen = alice.locator("[name='field.r.1'] option[selected]")
    expect(alice.locator("[name='field.r.0']")).to_be_visible()
    expect(chosen).to_have_count(0)
    alice.evaluate(CHOOSE_AT_ONCE, ["field.r.1", "contact_role"])

    alice.get_by_role("button", name="Condition", exact=True).click()

    expect(chosen).to_have_attribute("value", "contact_role")
    expect(alice.locator("[name='op.r.1']")).to_be_visible()
