"""Short letters that tell a person what happened to their account, in case it was not them."""

from datetime import datetime

from django.conf import settings

from pulsescore.accounts import posting
from pulsescore.accounts.links import PROFILE_PATH
from pulsescore.accounts.models import User

_TEMPLATE = "accounts/email/notice"
_NOT_YOU = (
    "If this was not you, choose a new password at once: it ends every log-in. "
    "Then tell the owner of your organization."
)


def password_changed(user: User, *, now: datetime) -> None:
    """The password was replaced."""
    _send(
        user.email,
        title="Your password was changed",
        what=f"The password of {user.get_full_name()}'s PulseScore account was just changed. "
        "Every other log-in has ended.",
        now=now,
    )


def address_changed(user: User, *, former: str, now: datetime) -> None:
    """The account moved to another address; told to the former one."""
    _send(
        former,
        title="Your e-mail address was changed",
        what="Your PulseScore account now belongs to another e-mail address. "
        "This one can no longer be used to log in.",
        now=now,
    )


def second_step_changed(user: User, *, what: str, now: datetime) -> None:
    """A second factor came or went; `what` is a whole sentence."""
    _send(user.email, title="Two-step log-in was changed", what=what, now=now)


def organization_deleted(user: User, *, name: str, by: str, now: datetime) -> None:
    """An organization of which this person is an owner was deleted."""
    _send(
        user.email,
        title=f"{name} was deleted",
        what=f"{by} deleted the organization {name} on PulseScore. Nobody can enter it any more, "
        "its connections are closed and its data is being removed. This cannot be undone.",
        advice="You receive this because you were an owner of it.",
        now=now,
    )


def _send(to: str, *, title: str, what: str, now: datetime, advice: str = _NOT_YOU) -> None:
    posting.send_on_commit(
        template=_TEMPLATE,
        to=to,
        context={
            "title": title,
            "what": what,
            "advice": advice,
            "link": settings.PUBLIC_URL + PROFILE_PATH,
        },
        now=now,
    )
