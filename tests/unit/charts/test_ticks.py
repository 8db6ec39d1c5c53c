"""The marks of axes: round, enough, within the span."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.web.charts.plot import compact
from pulsescore.web.charts.ticks import day_ticks, full_day, short_day, value_ticks

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


@given(st.integers(min_value=0, max_value=10**9))
def test_values_reach_the_highest_in_a_few_even_round_steps(highest: int) -> None:
    ticks = value_ticks(highest)

    steps = {round(after - before, 6) for before, after in pairwise(ticks)}
    assert ticks[0] == 0
    assert ticks[-1] >= highest
    assert len(steps) == 1
    assert 2 <= len(ticks) <= 6
    assert str(steps.pop()).strip("0.").rstrip("0") in {"1", "2", "5"}


@given(st.floats(min_value=0, max_value=1e6))
def test_counts_of_customers_have_no_fractions_beside_them(highest: float) -> None:
    assert all(float(tick).is_integer() for tick in value_ticks(highest))


def test_small_numbers_that_are_no_counts_have_fractions() -> None:
    assert value_ticks(0.8, whole=False) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])


def test_scores_are_marked_in_steps_that_one_counts_in() -> None:
    assert value_ticks(100) == [0, 50, 100]
    assert value_ticks(80) == [0, 20, 40, 60, 80]


@given(first=DAYS, span=st.integers(min_value=0, max_value=2000))
def test_named_days_lie_within_the_span_and_are_few(first: date, span: int) -> None:
    last = first + timedelta(days=span)

    ticks = day_ticks(first, last)

    assert 1 <= len(ticks) <= 8
    assert ticks == sorted(set(ticks))
    assert first <= ticks[0]
    assert ticks[-1] <= last


@given(first=DAYS, span=st.integers(min_value=0, max_value=98))
def test_up_to_three_months_end_at_the_last_day(first: date, span: int) -> None:
    last = first + timedelta(days=span)
    assert day_ticks(first, last)[-1] == last


def test_longer_spans_name_the_first_day_of_months() -> None:
    ticks = day_ticks(date(2026, 1, 15), date(2026, 6, 10))
    assert [short_day(day) for day in ticks] == ["1 Feb", "1 Mar", "1 Apr", "1 May", "1 Jun"]


def test_a_day_is_short_under_an_axis_and_whole_in_a_tooltip() -> None:
    assert short_day(date(2026, 3, 5)) == "5 Mar"
    assert full_day(date(2026, 3, 5)) == "5 Mar 2026"


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0"), (950, "950"), (1000, "1k"), (1240, "1.2k"), (34_000, "34k"), (1_500_000, "1.5M")],
)
def test_numbers_in_narrow_places_are_short(value: float, told: str) -> None:
    assert compact(value) == told
