"""Pure: factors, reasons and causes in the words of a colleague."""

import math
from collections.abc import Sequence
from typing import Final

NAMES: Final = {
    "support_recency": "Support recency",
    "open_tickets": "Open ticket volume",
    "resolution_time": "Resolution time",
    "reopen_rate": "Reopen rate",
    "response_rate": "Response rate",
}
# What else makes a score what it is.
PART_NAMES: Final = NAMES | {
    "not_seen": "Not seen for long",
    "many_open": "Many open tickets",
    "override": "Override",
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
    "not_seen": "not being seen for long",
    "many_open": "too many open tickets",
    "override": "a team mate’s word",
}
REASONS: Final = {
    "no_conversation": "Not enough data: no conversation yet",
    "no_weight": "Not enough data: none of the factors that count is known yet",
    "not_calculated": "Not calculated yet",
}
LEVEL_NAMES: Final = {"green": "Healthy", "yellow": "At risk", "red": "Critical"}

_MINUTE = 1 / 60
# From here on worth a word in a list: hours of silence, days away, hours to a resolution.
_LONG_SILENCE, _LONG_ABSENCE, _SLOW = 24.0, 7.0, 48.0
_ROOM = 4


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


def cap_words(begins: str, begin: float, at_most: int) -> str:
    """An exception as a rule: "not seen for 30 days or more: at most 60"."""
    number = f"{begin:,g}"
    if begins == "days":
        return f"not seen for {number} {'day' if begin == 1 else 'days'} or more: at most {at_most}"
    return f"{number} or more open conversations: at most {at_most}"


def override_words(score: int | None, level: str | None, by: str | None) -> str:
    """What was said instead of the formula: "set to 80 by Ada Lovelace"."""
    what = LEVEL_NAMES.get(level, level) if level else f"{score}"
    return f"set to {what} by {by or 'somebody who left'}"


def brief_signals(raws: Sequence[float]) -> list[tuple[str, str]]:
    """What stands out among raw values, as short as a list needs it: "4 open", "silent 5 d".

    `raws` are in the order of the factors (days, conversations, hours, reopenings, hours); each
    text comes with the key of its factor. What is unremarkable is left out.
    """
    away, talks, resolution, reopens, silent = raws or [math.nan] * len(UNITS)
    told = {
        "open_tickets": f"{talks:,.0f} open" if talks >= 1 else "",
        "reopen_rate": f"reopened {reopens:,.0f}×" if reopens >= 1 else "",
        "response_rate": f"silent {_brief(silent)}" if silent >= _LONG_SILENCE else "",
        "support_recency": f"away {_brief(away * 24)}" if away >= _LONG_ABSENCE else "",
        "resolution_time": f"{_brief(resolution)} to resolve" if resolution >= _SLOW else "",
    }
    return [(key, text) for key, text in told.items() if text]


def foremost(signals: Sequence[tuple[str, str]], *, cause: str) -> list[tuple[str, str]]:
    """The few that a line has room for, what took most points first."""
    ordered = sorted(signals, key=lambda signal: signal[0] != cause)
    return ordered[:_ROOM]


def _brief(hours: float) -> str:
    if hours >= 48:  # noqa: PLR2004 - from two days on, days read better
        return f"{math.floor(hours / 24):,} d"
    return f"{math.floor(hours)} h"


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
