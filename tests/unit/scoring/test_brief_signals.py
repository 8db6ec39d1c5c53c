"""What stands out about a customer, as short as a list needs it."""

from math import nan

import pytest

from pulsescore.scoring.wording import brief_signals, foremost


def words(*raws: float) -> list[str]:
    return [text for _key, text in brief_signals(raws)]


def test_open_reopened_and_silent_are_told_with_their_numbers() -> None:
    assert words(1, 4, 10, 3, 5 * 24 + 3) == ["4 open", "reopened 3×", "silent 5 d"]


def test_below_two_days_hours_are_told() -> None:
    assert words(0, 0, 0, 0, 47) == ["silent 47 h"]


@pytest.mark.parametrize("raws", [(0, 0, 0, 0, 0), (nan,) * 5, (6.9, 0, 47, 0, 23.9)])
def test_what_is_unremarkable_is_left_out(raws: tuple[float, ...]) -> None:
    assert words(*raws) == []


def test_who_was_never_scored_has_nothing_to_tell() -> None:
    assert brief_signals([]) == []


def test_absence_and_slow_resolutions_are_told_when_they_are_long() -> None:
    assert words(12, 0, 72, 0, 0) == ["away 12 d", "3 d to resolve"]


def test_what_took_most_points_comes_first_and_four_are_enough() -> None:
    everything = brief_signals((12, 4, 72, 3, 200))

    keys = [key for key, _words in foremost(everything, cause="resolution_time")]

    assert keys == ["resolution_time", "open_tickets", "reopen_rate", "response_rate"]
