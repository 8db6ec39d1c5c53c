"""A word-sized line."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pulsescore.web.charts.sparkline import HEIGHT, WIDTH, sparkline

VALUES = st.lists(st.none() | st.floats(min_value=-1e6, max_value=1e6), max_size=60)


@given(VALUES, st.booleans())
def test_it_stays_in_its_box(values: list[float | None], scored: bool) -> None:
    line = sparkline(values, low=0, high=100) if scored else sparkline(values)
    if line is None:
        assert all(value is None for value in values)
        return
    places = [tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", line.d)]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in [*places, line.end])


def test_higher_is_further_up_on_a_scale_that_rows_share() -> None:
    low, high = sparkline([20], low=0, high=100), sparkline([80], low=0, high=100)
    assert low is not None
    assert high is not None
    assert high.end[1] < low.end[1]


def test_a_level_line_runs_through_the_middle() -> None:
    line = sparkline([5, 5, 5])
    assert line is not None
    assert line.end[1] == HEIGHT / 2


def test_it_is_told_in_words() -> None:
    line = sparkline([62, None, 90, 31])
    assert line is not None
    assert line.words == "from 62 to 31, lowest 31, highest 90"
    only = sparkline([62])
    assert only is not None
    assert only.words == "62"


def test_a_gap_is_left_open() -> None:
    line = sparkline([1, 2, None, 3, 4])
    assert line is not None
    assert line.d.count("M") == 2


def test_nothing_known_is_nothing_drawn() -> None:
    assert sparkline([]) is None
    assert sparkline([None, None]) is None


def test_a_level_stretch_is_drawn_by_its_ends() -> None:
    line = sparkline([20, 80, 80, 80, 80, 20], low=0, high=100)
    assert line is not None
    assert len(re.findall(r"[\d.]+ [\d.]+", line.d)) == 4
