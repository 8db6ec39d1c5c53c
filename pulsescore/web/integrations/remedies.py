"""Pure: what an admin can do about a connection that needs attention."""

from typing import Final, Literal, NamedTuple

Act = Literal["reconnect", "check"]


class Remedy(NamedTuple):
    """A title for what is wrong, the button that mends it, and a topic of the guide."""

    title: str
    act: Act
    topic: str


_REMEDIES: Final = {
    "token_refused": Remedy("Intercom no longer lets us in", "reconnect", "problem.token_refused"),
    "permission_missing": Remedy("A permission is missing", "check", "problem.permission_missing"),
    "plan_restricted": Remedy(
        "Intercom's plan does not allow this", "check", "problem.plan_restricted"
    ),
}
_OTHERWISE: Final = Remedy("This connection needs attention", "reconnect", "attention")


def remedy_of(code: str) -> Remedy:
    """What to do about this reason; connecting again helps where nothing better is known."""
    return _REMEDIES.get(code, _OTHERWISE)
