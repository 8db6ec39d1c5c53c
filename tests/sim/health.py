"""The score of scoring.md as this test suite reads it, over a simulator's workspace."""

from intercom_sim.model import Contact, Conversation
from intercom_sim.statistics import derive
from intercom_sim.workspace import Workspace

DAY, HOUR = 86_400, 3_600
WINDOW_DAYS = 90
WEIGHTS = {"recency": 20, "open": 25, "resolution": 20, "reopen": 20, "response": 15}


def curve(x: float, half: float) -> float:
    return 1 / (1 + (max(0.0, x) / half) ** 1.5)


def score(contact: Contact, workspace: Workspace) -> int | None:
    """The score of a contact from the conversations updated in the last 90 days."""
    now = workspace.now
    every = [workspace.conversations[one] for one in contact.conversation_ids]
    known = [one for one in every if one.updated_at >= now - WINDOW_DAYS * DAY]
    if not known:
        return None
    factors = {
        "recency": recency(contact, known, now),
        "open": curve(sum(one.state == "open" for one in known), 2),
        "resolution": resolution(known),
        "reopen": curve(reopens(known, now), 1),
        "response": curve(silence(contact, known, now), 72),
    }
    present = {key: value for key, value in factors.items() if value is not None}
    weight = sum(WEIGHTS[key] for key in present)
    total = sum(WEIGHTS[key] * value for key, value in present.items())
    return int(100 * total / weight + 0.5)


def recency(contact: Contact, known: list[Conversation], now: int) -> float:
    c = (now - max(one.updated_at for one in known)) / DAY
    days = c
    if contact.last_seen_at is not None:
        s = (now - contact.last_seen_at) / DAY
        days = 0.75 * s + 0.25 * min(c, s + 30)
    return curve(days - 1, 10)


def resolution(known: list[Conversation]) -> float | None:
    figures = [derive(one) for one in known]
    hours = [
        min(336.0, one.time_to_last_close / HOUR)
        for one in figures
        if one is not None and one.time_to_last_close is not None
    ]
    return curve(sum(hours) / len(hours), 24) if hours else None


def reopens(known: list[Conversation], now: int) -> int:
    recent = [derive(one) for one in known if one.updated_at >= now - 30 * DAY]
    return sum(one.count_reopens for one in recent if one is not None)


def silence(contact: Contact, known: list[Conversation], now: int) -> float:
    latest = max(known, key=lambda one: (one.created_at, one.id))
    figures = derive(latest)
    spoken = (contact.last_replied_at or 0) >= latest.created_at
    if latest.state == "closed":
        closed_at = figures.last_close_at if figures else None
        end = closed_at or latest.updated_at
        return 0 if spoken else (end - latest.created_at) / HOUR
    if not spoken:
        return (now - latest.created_at) / HOUR
    answered_at = figures.last_admin_reply_at if figures else None
    if answered_at is None or answered_at <= (contact.last_replied_at or 0):
        return 0
    return (now - answered_at) / HOUR
