"""When a connection is checked beyond what changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pulsescore.connectors.intercom.models import RunKind
from pulsescore.connectors.intercom.schedule import check_due

TOKYO = ZoneInfo("Asia/Tokyo")
QUIET = datetime(2026, 11, 22, 3, 10, tzinfo=TOKYO)
NOON = datetime(2026, 11, 22, 12, tzinfo=TOKYO)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def due(now: datetime, *, nightly: timedelta, weekly: timedelta) -> RunKind | None:
    """What is due, so long after the last checks."""
    return check_due(
        now=now.astimezone(UTC), zone=TOKYO, nightly_at=now - nightly, weekly_at=now - weekly
    )


@pytest.mark.parametrize("now", [QUIET, NOON])
def test_a_check_of_this_very_night_is_not_repeated(now: datetime) -> None:
    assert due(now, nightly=9 * HOUR, weekly=3 * DAY) is None


def test_each_night_in_the_workspaces_small_hours() -> None:
    assert due(QUIET, nightly=DAY, weekly=3 * DAY) is RunKind.NIGHTLY
    assert due(NOON, nightly=DAY, weekly=3 * DAY) is None


def test_a_night_that_was_missed_is_made_up_for_by_day() -> None:
    assert due(NOON, nightly=31 * HOUR, weekly=3 * DAY) is RunKind.NIGHTLY


def test_once_a_week_everything_instead() -> None:
    assert due(QUIET, nightly=DAY, weekly=7 * DAY) is RunKind.RECONCILE
    assert due(NOON, nightly=DAY, weekly=7 * DAY) is None
    assert due(NOON, nightly=DAY, weekly=8 * DAY) is RunKind.RECONCILE


def test_a_weekly_check_contains_the_nightly_one() -> None:
    assert due(QUIET, nightly=3 * DAY, weekly=10 * HOUR) is None
