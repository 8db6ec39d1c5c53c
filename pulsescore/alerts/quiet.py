"""Pure: quiet hours and the hour of the digest, in somebody's own time zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def not_before(
    now: datetime, *, quiet_from: time | None, quiet_to: time | None, zone: str
) -> datetime:
    """When something may be sent: now, or when the quiet hours that it falls into end.

    Quiet hours may pass midnight. Equal ends mean that there are none.
    """
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return now
    local = now.astimezone(ZoneInfo(zone))
    if not _within(local.time(), quiet_from, quiet_to):
        return now
    return _next(local, quiet_to)


def next_digest(now: datetime, *, hour: int, zone: str) -> datetime:
    """The next instant after `now` at which it is that hour there."""
    return _next(now.astimezone(ZoneInfo(zone)), time(hour))


def _within(at: time, begins: time, ends: time) -> bool:
    if begins < ends:
        return begins <= at < ends
    return at >= begins or at < ends


def _next(local: datetime, at: time) -> datetime:
    """The next instant at which clocks there show `at`; one that is skipped counts as after it."""
    day = local.date() if at > local.time() else local.date() + timedelta(days=1)
    found = datetime.combine(day, at, local.tzinfo).astimezone(UTC)
    return found if found > local else found + timedelta(days=1)
