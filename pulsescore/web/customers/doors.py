"""Pure: which part of a customer's conversations is shown, and where a factor leads."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from pulsescore.web.words import plural

STATES: Final = {
    "": "All",
    "open": "Open",
    "snoozed": "Snoozed",
    "closed": "Closed",
    "reopened": "Reopened",
}
# What the page says above the conversations behind a factor.
BEHIND: Final = {
    "support_recency": "with the latest activity first",
    "open_tickets": "that are open",
    "resolution_time": "resolved, of the last 90 days",
    "reopen_rate": "reopened, of the last 30 days",
    "response_rate": "that came last",
}
SORTS: Final = {"newest": "Newest first", "waiting": "Longest waiting first"}
# What moved a score, as one says it in a sentence.
MOVED: Final = {
    "support_recency": "recency",
    "open_tickets": "open tickets",
    "resolution_time": "resolution time",
    "reopen_rate": "reopened tickets",
    "response_rate": "response",
    "not_seen": "not seen for long",
    "many_open": "too many open",
    "override": "override",
}


class Door(NamedTuple):
    """Where a factor leads: the words of the link and the part that it opens."""

    words: str
    show: str


def door_of(factor: str, count: int) -> Door | None:
    """The way from a factor to the conversations behind it; None where there is none."""
    if not count:
        return None
    return Door(_WORDS[factor](count), factor)


def _those(adjective: str, count: int) -> str:
    if count == 1:
        return f"the {adjective} conversation"
    return f"the {plural(count, f'{adjective} conversation')}"


_WORDS: Final[Mapping[str, Callable[[int], str]]] = {
    "support_recency": lambda _count: "latest activity",
    "open_tickets": lambda count: _those("open", count),
    "resolution_time": lambda count: _those("resolved", count),
    "reopen_rate": lambda count: _those("reopened", count),
    "response_rate": lambda _count: "the latest conversation",
}
