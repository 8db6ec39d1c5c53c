"""Pure: when to try to send something again, over about a day."""

from datetime import datetime, timedelta
from typing import Final

_DELAYS: Final = tuple(
    timedelta(seconds=secs) for secs in (10, 60, 300, 1800, 7200, 18_000, 28_800, 36_000)
)
# What failed together comes back up to a tenth of the delay apart.
_SPREAD: Final = 10
_STEPS: Final = 97


def next_attempt(
    attempts: int, *, number: int, now: datetime, not_before: datetime | None = None
) -> datetime | None:
    """When to try again after so many attempts; `None` when it is given up.

    `number` is any that the thing keeps, its id for one.
    """
    if attempts > len(_DELAYS):
        return None
    delay = _DELAYS[attempts - 1]
    spread = delay * (number % _STEPS) / (_STEPS * _SPREAD)
    at = now + delay + spread
    return max(at, not_before) if not_before is not None else at
