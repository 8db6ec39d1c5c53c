"""Contact searches cut a time to the calendar day of the workspace's time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def day_bounds(moment: int, zone: ZoneInfo) -> tuple[int, int]:
    """First second of the day that holds `moment`, and of the day after (unix seconds)."""
    day = datetime.fromtimestamp(moment, UTC).astimezone(zone).date()
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    after = day + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    return int(start.timestamp()), int(end.timestamp())
