"""Before one is in: signing up, logging in, passwords, invitations, first steps."""

from playwright.sync_api import Page

from tools.screenshots import people
from tools.screenshots.people import FIRST, FULL, NEW, UNPROVED
from tools.screenshots.shots import NOBODY, Shot, fill
from tools.screenshots.worlds import Worlds

HALF = {"email": people.CAREFUL, "password": "correct horse battery"}


def shots(worlds: Worlds) -> list[Shot]:
    """All of it, and what a form says that was filled in wrong."""
    wrong = {"email": people.FULL, "password": "not the password"}
    return [
        Shot("log-in", NOBODY, "/login"),
        Shot("log-in-wrong", NOBODY, "/login", fill(wrong, "Log in")),
        Shot("sign-up", NOBODY, "/signup"),
        Shot("sign-up-wrong", NOBODY, "/signup", fill({"email": "ada"}, "Create account")),
        Shot("password-forgotten", NOBODY, "/password-reset"),
        Shot("password-new", NOBODY, worlds.reset_link),
        Shot("password-new-wrong", NOBODY, worlds.reset_link, fill({"password": "a"}, "Set")),
        Shot("password-dead", NOBODY, "/password-reset/x/y"),
        Shot("verify", NOBODY, worlds.verify_link),
        Shot("verify-dead", NOBODY, "/verify-email/unknown"),
        Shot("verify-asked", UNPROVED, "/"),
        Shot("invitation", NOBODY, worlds.full.invited),
        Shot("invitation-other", FULL, worlds.full.invited),
        Shot("invitation-dead", NOBODY, "/invitations/unknown"),
        Shot("second-step", NOBODY, "/login", fill(HALF, "Log in")),
        Shot("second-step-wrong", NOBODY, "/login", _wrong_code),
        Shot("welcome-connect", NEW, "/welcome"),
        Shot("welcome-import", FIRST, "/welcome"),
        Shot("welcome-done", FULL, "/welcome"),
        Shot("status", NOBODY, "/status"),
        Shot("style", NOBODY, "/_style"),
        Shot("error-stranger", NOBODY, "/errors/404"),
    ]


def _wrong_code(page: Page) -> None:
    """The first step right, the second wrong."""
    fill(HALF, "Log in")(page)
    fill({"code": "1"}, "Continue")(page)
