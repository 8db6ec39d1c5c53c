"""Pure: factors, reasons and causes in the words of a colleague."""

import math
from typing import Final

NAMES: Final = {
    "support_recency": "Support recency",
    "open_tickets": "Open ticket volume",
    "resolution_time": "Resolution time",
    "reopen_rate": "Reopen rate",
    "response_rate": "Response rate",
}
UNITS: Final = {
    "support_recency": "days",
    "open_tickets": "conversations",
    "resolution_time": "hours",
    "reopen_rate": "reopenings",
    "response_rate": "hours",
}
# What a falling factor is about, as in "5 of them over reopened tickets".
CAUSES: Final = {
    "support_recency": "absence",
    "open_tickets": "open tickets",
    "resolution_time": "slow resolutions",
    "reopen_rate": "reopened tickets",
    "response_rate": "silence",
}
REASONS: Final = {
    "no_conversation": "Not enough data: no conversation yet",
    "no_weight": "Not enough data: none of the factors that count is known yet",
    "not_calculated": "Not calculated yet",
}
LEVEL_NAMES: Final = {"green": "Healthy", "yellow": "At risk", "red": "Critical"}

_MINUTE = 1 / 60


def factor_words(key: str, raw: float | None, *, seen_days: float | None = None) -> str:
    """A raw value in words; `seen_days` is the time since last seen, where that is known."""
    if raw is None or math.isnan(raw):
        return "nothing resolved in 90 days" if key == "resolution_time" else "not known"
    if key == "support_recency":
        return _recency_words(raw, seen_days)
    if key == "open_tickets":
        return f"{counted(raw, 'open conversation')}" if raw else "no open conversation"
    if key == "resolution_time":
        return f"resolved in {duration(raw)} on average"
    if key == "reopen_rate":
        return f"reopened {times(raw)} in 30 days" if raw else "nothing reopened in 30 days"
    return f"silent for {duration(raw)}" if raw >= _MINUTE else "in touch"


def counted(number: float, thing: str) -> str:
    """A number of things, as in "1 open conversation" and "4 open conversations"."""
    return f"{number:,.0f} {thing}" + ("" if number == 1 else "s")


def times(number: float) -> str:
    """How often, as in "once" and "3 times"."""
    return {1: "once", 2: "twice"}.get(round(number), f"{number:,.0f} times")


def duration(hours: float) -> str:
    """A span of time in its largest fitting unit."""
    if hours >= 48:  # noqa: PLR2004 - from two days on, days read better
        return counted(math.floor(hours / 24), "day")
    if hours >= 1:
        return counted(math.floor(hours), "hour")
    return counted(max(1, math.floor(hours * 60)), "minute")


def _recency_words(days: float, seen_days: float | None) -> str:
    if seen_days is not None:
        return f"seen {duration(max(0.0, seen_days) * 24)} ago"
    return f"away for about {duration(days * 24)}"
