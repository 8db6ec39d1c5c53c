"""A second reading of the scoring rules: slow, in plain Python, one customer at a time.

It shares no code with the product, so that the two can contradict each other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean


@dataclass(frozen=True)
class Talk:
    """One conversation as the rules name its fields."""

    id: str
    state: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    admin_reply_at: datetime | None = None
    time_to_resolution_secs: int | None = None
    reopen_count: int = 0
    deleted: bool = False


HALVES = (10.0, 2.0, 24.0, 1.0, 72.0)
WEIGHTS = (0.20, 0.25, 0.20, 0.20, 0.15)


def curve(x: float, half: float) -> float:
    return 1 / (1 + (max(0, x) / half) ** 1.5)


def factors(
    talks: list[Talk], seen: datetime | None, replied: datetime | None, now: datetime
) -> list[float | None] | None:
    """The five factors with default half points; nothing for a customer without conversation."""
    talks = [talk for talk in talks if not talk.deleted]
    if not talks:
        return None
    xs = (
        _days_away(talks, seen, now) - 1,
        float(sum(talk.state == "open" for talk in talks)),
        _resolution(talks, now),
        float(sum(t.reopen_count for t in talks if t.updated_at >= now - timedelta(days=30))),
        _silence(talks, replied, now),
    )
    return [None if x is None else curve(x, half) for x, half in zip(xs, HALVES, strict=True)]


def score(values: list[float | None]) -> float:
    """The score before rounding."""
    present = [(w, v) for w, v in zip(WEIGHTS, values, strict=True) if v is not None]
    return 100 * sum(w * v for w, v in present) / sum(w for w, _ in present)


def _seconds(span: timedelta) -> float:
    return max(0.0, span.total_seconds())


def _days_away(talks: list[Talk], seen: datetime | None, now: datetime) -> float:
    c = _seconds(now - max(talk.updated_at for talk in talks)) / 86400
    if seen is None:
        return c
    s = _seconds(now - seen) / 86400
    return 0.75 * s + 0.25 * min(c, s + 30)


def _resolution(talks: list[Talk], now: datetime) -> float | None:
    hours = [
        min(talk.time_to_resolution_secs / 3600, 336)
        for talk in talks
        if talk.time_to_resolution_secs is not None and talk.updated_at >= now - timedelta(days=90)
    ]
    return fmean(hours) if hours else None


def _silence(talks: list[Talk], replied: datetime | None, now: datetime) -> float:
    latest = max(talks, key=lambda talk: (talk.created_at, talk.id))
    spoken = replied is not None and replied >= latest.created_at
    if latest.state == "closed":
        end = latest.closed_at or latest.updated_at
        return 0 if spoken else _seconds(end - latest.created_at) / 3600
    if not spoken:
        return _seconds(now - latest.created_at) / 3600
    assert replied is not None
    if latest.admin_reply_at is not None and latest.admin_reply_at > replied:
        return _seconds(now - latest.admin_reply_at) / 3600
    return 0
