"""When to try again: pure decisions on the number of attempts made so far."""

from datetime import datetime, timedelta
from typing import Final

from pulsescore.connectors.intercom.absence import TOO_YOUNG

_NOTIFICATION_DELAYS: Final = tuple(timedelta(seconds=secs) for secs in (10, 30, 120, 300))
_FIRST_REFETCH_DELAY: Final = timedelta(seconds=15)
_LONGEST_REFETCH_DELAY: Final = timedelta(minutes=15)
_REFETCH_ATTEMPTS: Final = 50


def next_attempt(attempts: int, *, now: datetime) -> datetime | None:
    """When to work on a notification again; `None` after five attempts: it is a dead letter."""
    if attempts > len(_NOTIFICATION_DELAYS):
        return None
    return now + _NOTIFICATION_DELAYS[attempts - 1]


def next_refetch(attempts: int, *, now: datetime, not_before: datetime | None) -> datetime | None:
    """When to read an object again; `None` after about twelve hours, when a sync has done it."""
    if attempts >= _REFETCH_ATTEMPTS:
        return None
    doubled = min(attempts - 1, 6)
    later = now + min(_FIRST_REFETCH_DELAY * (1 << doubled), _LONGEST_REFETCH_DELAY)
    return max(later, not_before) if not_before else later


def absence_counts_from(told_at: datetime) -> datetime:
    """From when on "not found" means gone, for an object that a notification told of then.

    What has just been made or changed may be told before it can be read.
    """
    return told_at + TOO_YOUNG
