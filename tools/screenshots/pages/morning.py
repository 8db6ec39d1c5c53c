"""The dashboard, the frame around every page, and the pages for what cannot be shown."""

from tools.screenshots.people import BROKEN, EMPTY, FULL, MEMBER, NEW, STRANGE
from tools.screenshots.shots import Shot, unfold
from tools.screenshots.worlds import Worlds

STATUSES = (400, 403, 404, 409, 429, 500)


def shots(worlds: Worlds) -> list[Shot]:
    """In all states of an organization, with menus open, and as errors."""
    return [
        Shot("dashboard", FULL, "/"),
        Shot("dashboard-average", FULL, "/?trend=average"),
        Shot("dashboard-importing", EMPTY, "/"),
        Shot("dashboard-attention", BROKEN, "/"),
        Shot("dashboard-new", NEW, "/"),
        Shot("dashboard-strange", STRANGE, "/"),
        Shot("menu-bell", FULL, "/", unfold(".bell > summary")),
        Shot(
            "menu-organization",
            STRANGE,
            "/",
            unfold(".side summary, .topbar-end .phone-only summary"),
        ),
        Shot("menu-help", FULL, "/", unfold(".topbar-end details:not(.bell) > summary")),
        Shot("error-not-found", FULL, "/customers/999999999"),
        Shot("error-not-a-page", FULL, "/theme"),
        Shot("error-not-allowed", MEMBER, "/settings/api-keys"),
        *(Shot(f"error-{status}", FULL, f"/errors/{status}") for status in STATUSES),
    ]
