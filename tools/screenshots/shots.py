"""What a photograph is of: who looks, at which address, and what they do there first."""

from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page

NOBODY = ""


class Shot(NamedTuple):
    """One page in one state; `act` is done before the picture is taken."""

    name: str
    who: str
    address: str
    act: Callable[[Page], None] | None = None


def press(name: str) -> Callable[[Page], None]:
    """Press the first button called so, or with this in its name, and wait for what comes."""

    def act(page: Page) -> None:
        inside = page.locator("main, .gate")
        called_so = inside.get_by_role("button", name=name, exact=True)
        (called_so if called_so.count() else inside.get_by_role("button", name=name)).first.click()
        page.wait_for_load_state("networkidle")

    return act


def fill(values: dict[str, str], then: str) -> Callable[[Page], None]:
    """Fill fields by their names, past what the browser would refuse, and press a button."""

    def act(page: Page) -> None:
        page.evaluate("document.querySelectorAll('form').forEach(one => one.noValidate = true)")
        for name, value in values.items():
            page.locator(f"main [name='{name}'], .gate [name='{name}']").first.fill(value)
        press(then)(page)

    return act


def unfold(selector: str) -> Callable[[Page], None]:
    """Open what this selector finds: a menu, a dialog, a fold."""

    def act(page: Page) -> None:
        page.locator(selector).locator("visible=true").first.click()
        page.wait_for_timeout(300)

    return act
