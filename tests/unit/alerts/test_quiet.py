"""Quiet hours and the hour of the digest, by the clocks of the person's own time zone."""

from datetime import UTC, datetime, time

import pytest

from pulsescore.alerts.quiet import next_digest, not_before


def at(hour: int, minute: int = 0, *, day: int = 10) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(19, 59), at(19, 59)),
        (at(20), at(5, day=11)),
        (at(23, 30), at(5, day=11)),
        (at(4, 59), at(5)),
        (at(5), at(5)),
    ],
)
def test_quiet_hours_over_midnight_hold_back_until_they_end(
    now: datetime, expected: datetime
) -> None:
    """Madrid is two hours ahead in summer: 22 to 7 there is 20 to 5 in UTC."""
    assert not_before(now, quiet_from=time(22), quiet_to=time(7), zone="Europe/Madrid") == expected


@pytest.mark.parametrize(("now", "expected"), [(at(12, 30), at(14)), (at(14), at(14))])
def test_quiet_hours_within_a_day_do_too(now: datetime, expected: datetime) -> None:
    assert not_before(now, quiet_from=time(12), quiet_to=time(14), zone="UTC") == expected


@pytest.mark.parametrize("quiet", [(None, None), (time(8), time(8))])
def test_without_quiet_hours_nothing_is_held_back(quiet: tuple[time | None, time | None]) -> None:
    assert not_before(at(3), quiet_from=quiet[0], quiet_to=quiet[1], zone="UTC") == at(3)


def test_the_digest_comes_at_its_hour_today_or_tomorrow() -> None:
    assert next_digest(at(5, 59), hour=8, zone="Europe/Madrid") == at(6)
    assert next_digest(at(6), hour=8, zone="Europe/Madrid") == at(6, day=11)


def test_an_hour_that_clocks_skip_in_spring_still_comes_once() -> None:
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    found = next_digest(before, hour=2, zone="Europe/Madrid")

    assert before < found <= datetime(2026, 3, 29, 2, tzinfo=UTC)
    assert next_digest(found, hour=2, zone="Europe/Madrid") > found


def test_an_hour_that_comes_twice_in_autumn_is_not_in_the_past() -> None:
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)

    assert next_digest(second, hour=2, zone="Europe/Madrid") > second
