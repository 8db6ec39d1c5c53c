"""How facts are said in words: ages, durations, counts and reasons. Pure."""

from datetime import datetime

from pulsescore.scoring.wording import REASONS

MINUTE, HOUR, DAY = 60, 3600, 86_400
JUST_NOW_SECS = 45
DAWN, NOON, EVENING = 5, 12, 18
_STEPS = (
    (365 * DAY, "year"),
    (30 * DAY, "month"),
    (DAY, "day"),
    (HOUR, "hour"),
    (MINUTE, "minute"),
)
_SHORT = {"year": "y", "month": "mo", "day": "d", "hour": "h", "minute": "min"}

# Why there is no score, in few words for beneath a badge; companies have reasons of their own.
BRIEF_REASONS = {
    "no_conversation": "no conversation yet",
    "no_weight": "no factor known yet",
    "not_calculated": "not calculated yet",
    "nobody_scored": "nobody scored yet",
    "no_members": "no members",
}
COMPANY_REASONS = {
    "nobody_scored": "Nobody there has a score yet",
    "no_members": "It has no members",
}

HELD = {
    "no_email": "It has no e-mail address",
    "no_contact": "None of its contacts is a customer",
    "malformed": "Intercom's record could not be read",
}

DELIVERIES = {
    "alert.fired": "alert fired",
    "alert.resolved": "alert resolved",
    "customer.score_changed": "score changed",
    "customer.level_changed": "level changed",
    "test": "test",
    "digest": "daily digest",
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
    """Why a customer or a company has no score, as far as that is known."""
    return {**REASONS, **COMPANY_REASONS}.get(reason or "", "No score yet")


def reason_in_brief(reason: str | None) -> str:
    """The same for narrow places."""
    return BRIEF_REASONS.get(reason or "", "no score yet")


def company_reason(members: int) -> str:
    """Why a company of so many members has no score."""
    return "nobody_scored" if members else "no_members"


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


def greeting(hour: int) -> str:
    """A greeting for an hour of the day."""
    if DAWN <= hour < NOON:
        return "Good morning"
    return "Good afternoon" if NOON <= hour < EVENING else "Good evening"


_EVENT_ICONS = (
    ("score", "activity"),
    ("level", "activity"),
    ("tag", "tag"),
    ("closed", "circle-check"),
    ("snoozed", "clock"),
    ("note", "sticky-note"),
    ("assigned", "user"),
    ("email", "mail"),
)


def event_icon(name: str) -> str:
    """The icon of a timeline entry."""
    known = name.lower()
    return next((icon for word, icon in _EVENT_ICONS if word in known), "message-circle")


def conversation_state(
    *,
    status: str,
    waiting_since: datetime | None,
    snoozed_until: datetime | None,
    closed_at: datetime | None,
    now: datetime,
) -> str:
    """How a conversation stands: "Waiting on us for 3 days", "Closed 2 hours ago"."""
    if status == "closed":
        return f"Closed {ago(closed_at, now)}" if closed_at else "Closed"
    if status == "snoozed":
        return f"Snoozed, back {ago(snoozed_until, now)}" if snoozed_until else "Snoozed"
    if waiting_since is None:
        return "Open, waiting on the customer"
    return f"Waiting on us for {duration((now - waiting_since).total_seconds())}"
