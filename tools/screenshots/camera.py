"""Goes to each page of a plan as its person, in each look, and takes its picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tests.seeding import PASSWORD
from tools.find_browser import find_browser, playwright_browser
from tools.screenshots.shots import NOBODY, Shot

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
HEIGHT = 900


class Look(NamedTuple):
    """A width in pixels and a theme."""

    width: int
    scheme: str


LOOKS = tuple(Look(width, scheme) for width in (1440, 390) for scheme in ("light", "dark"))


def photograph(
    plan: Sequence[Shot], *, home: str, folder: Path, looks: Sequence[Look] = LOOKS
) -> list[str]:
    """Every shot in every look; returns the names of pages that are wider than their screen."""
    with sync_playwright() as playwright:
        path = find_browser() or playwright_browser()
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        wide = [
            name
            for look in looks
            for who in dict.fromkeys(shot.who for shot in plan)
            for name in _of_one(
                browser,
                [shot for shot in plan if shot.who == who],
                look=look,
                home=home,
                folder=folder,
            )
        ]
        browser.close()
    return wide


def _of_one(
    browser: Browser, shots: Sequence[Shot], *, look: Look, home: str, folder: Path
) -> list[str]:
    """The shots of one person in one look."""
    context = browser.new_context(
        viewport={"width": look.width, "height": HEIGHT},
        color_scheme=look.scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        base_url=home,
    )
    page = context.new_page()
    if shots[0].who != NOBODY:
        log_in(page, shots[0].who)
    wide = [_take(page, shot, look=look, folder=folder) for shot in shots]
    context.close()
    return [name for name in wide if name]


def log_in(page: Page, email: str) -> None:
    """Enter, as far as the second step where there is one."""
    page.goto("/login")
    page.fill("#id_email", email)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: not url.endswith("/login"))


def _take(page: Page, shot: Shot, *, look: Look, folder: Path) -> str:
    name = f"{shot.name}-{look.width}-{look.scheme}"
    page.goto(shot.address, wait_until="load")
    if shot.act:
        shot.act(page)
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    return name if page.evaluate("document.documentElement.scrollWidth > innerWidth") else ""
