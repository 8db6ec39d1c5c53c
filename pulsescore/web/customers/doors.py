"""Pure: which conversations stand behind a factor, and how the list of them is narrowed."""

from typing import Any, Final, NamedTuple


class Shown(NamedTuple):
    """A part of a customer's conversations."""

    label: str
    narrowing: dict[str, Any]


class Door(NamedTuple):
    """Where a factor leads: the words of the link and the part it opens."""

    words: str
    show: str


SHOWN: Final = {
    "": Shown("All", {}),
    "open": Shown("Open", {"status": "open"}),
    "closed": Shown("Closed", {"status": "closed"}),
    "snoozed": Shown("Snoozed", {"status": "snoozed"}),
    "reopened": Shown("Reopened", {"reopen_count__gt": 0}),
}

DOORS: Final = {
    "support_recency": Door("Latest conversations", ""),
    "open_tickets": Door("The open ones", "open"),
    "resolution_time": Door("The closed ones", "closed"),
    "reopen_rate": Door("The reopened ones", "reopened"),
    "response_rate": Door("Latest conversations", ""),
}
