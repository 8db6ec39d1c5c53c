"""How facts are said in words: ages, durations, counts and reasons. Pure."""

from datetime import datetime

MINUTE, HOUR, DAY = 60, 3600, 86_400
JUST_NOW_SECS = 45
_STEPS = (
    (365 * DAY, "year"),
    (30 * DAY, "month"),
    (DAY, "day"),
    (HOUR, "hour"),
    (MINUTE, "minute"),
)
_SHORT = {"year": "y", "month": "mo", "day": "d", "hour": "h", "minute": "min"}

REASONS = {
    "no_conversation": "Not enough data: no conversation yet",
    "no_conversations": "Not enough data: no conversation yet",
    "no_factor": "No factor applies with the present weights",
    "no_factors": "No factor applies with the present weights",
    "no_weight": "No factor applies with the present weights",
    "not_calculated": "Being calculated",
    "pending": "Being calculated",
}

LEVELS = {"green": "Healthy", "yellow": "At risk", "red": "Critical", "none": "No score"}


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 customer", "1,200 customers"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def ago(at: datetime, now: datetime) -> str:
    """How long ago, or how far ahead: "3 days ago", "in 2 hours", "just now"."""
    secs = (now - at).total_seconds()
    if abs(secs) < JUST_NOW_SECS:
        return "just now"
    span = duration(abs(secs))
    return f"{span} ago" if secs > 0 else f"in {span}"


def duration(secs: float) -> str:
    """A span in its greatest unit: "3 days", "1 hour", "20 seconds"."""
    for size, unit in _STEPS:
        if secs >= size:
            return plural(int(secs // size), unit)
    return plural(int(secs), "second")


def short_duration(secs: float) -> str:
    """A span for narrow places: "3 d", "1 h", "20 s"."""
    for size, unit in _STEPS:
        if secs >= size:
            return f"{int(secs // size)} {_SHORT[unit]}"
    return f"{int(secs)} s"


def reason_in_words(reason: str | None) -> str:
    """Why a customer has no score."""
    return REASONS.get(reason or "", "Not enough data yet")


def level_in_words(level: str | None) -> str:
    """The name of a risk level."""
    return LEVELS.get(level or "none", "No score")


def joined(parts: list[str]) -> str:
    """A list as one speaks it: "a, b and c"."""
    *most, last = parts or [""]
    return f"{', '.join(most)} and {last}" if most else last


def initials(name: str) -> str:
    """Up to two letters that stand for a person."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"
