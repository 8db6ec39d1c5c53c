"""When a connection is checked beyond what changed: nightly, and weekly from end to end."""

from datetime import datetime, timedelta, tzinfo
from typing import Final

from pulsescore.connectors.intercom.models import RunKind

_QUIET_HOUR: Final = 3
_NIGHTLY, _NIGHTLY_AT_LAST = timedelta(hours=20), timedelta(hours=30)
_WEEKLY, _WEEKLY_AT_LAST = timedelta(days=6, hours=20), timedelta(days=7, hours=6)


def check_due(
    *, now: datetime, zone: tzinfo, nightly_at: datetime, weekly_at: datetime
) -> RunKind | None:
    """The check to begin now, given when the last ones began.

    They run in the workspace's small hours; one that was missed there, as when nobody was at
    work, is made up for a few hours later. A weekly check contains a nightly one.
    """
    is_quiet = now.astimezone(zone).hour == _QUIET_HOUR
    if now - weekly_at >= (_WEEKLY if is_quiet else _WEEKLY_AT_LAST):
        return RunKind.RECONCILE
    if now - max(nightly_at, weekly_at) >= (_NIGHTLY if is_quiet else _NIGHTLY_AT_LAST):
        return RunKind.NIGHTLY
    return None
