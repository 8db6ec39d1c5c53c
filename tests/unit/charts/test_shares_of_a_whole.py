"""Donut, share bar, histogram and bars: parts of a whole, none lost, none too wide."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.web.charts import LEVELS, bar_rows, donut, histogram, level_of, shares
from pulsescore.web.charts.donut import CIRCUMFERENCE, GAP
from pulsescore.web.charts.histogram import BASELINE, TALLEST

COUNTS = st.fixed_dictionaries(
    {level: st.integers(min_value=0, max_value=10**6) for level in LEVELS}
)
BINS = st.lists(st.integers(min_value=0, max_value=10**6), min_size=10, max_size=10)


@given(COUNTS)
def test_shares_fill_the_bar_side_by_side(counts: dict[str, int]) -> None:
    parts = shares(counts)
    if not sum(counts.values()):
        assert parts == []
        return
    assert sum(part.width for part in parts) == pytest.approx(100, abs=0.01)
    assert parts[0].x == 0
    for part, following in pairwise(parts):
        assert part.x + part.width == pytest.approx(following.x, abs=0.002)


@given(COUNTS)
def test_every_level_that_is_there_has_its_share(counts: dict[str, int]) -> None:
    assert {part.level: part.count for part in shares(counts)} == {
        level: count for level, count in counts.items() if count
    }


@given(COUNTS)
def test_slices_go_once_around(counts: dict[str, int]) -> None:
    slices = donut(counts)
    present = [level for level in LEVELS if counts[level]]
    assert [one.level for one in slices] == present
    lengths = [float(one.dash.split()[0]) for one in slices]
    gaps = GAP * len(slices) if len(slices) > 1 else 0
    # A slice too thin to see is drawn a little wider than its share.
    assert sum(lengths) + gaps <= CIRCUMFERENCE + (1 + GAP) * len(slices)
    if slices:
        assert sum(lengths) + gaps >= CIRCUMFERENCE - 0.1
        assert slices[0].offset == 0


def test_a_single_level_is_a_whole_ring() -> None:
    (only,) = donut({"green": 5})
    assert float(only.dash.split()[0]) == pytest.approx(CIRCUMFERENCE, abs=0.01)


@given(BINS)
def test_bars_stand_on_the_baseline_within_the_frame(bins: list[int]) -> None:
    chart = histogram(bins, yellow=40, green=70)
    if chart is None:
        assert sum(bins) == 0
        return
    for bar in chart.bars:
        assert bar.y + bar.height == pytest.approx(BASELINE, abs=0.02)
        assert 0 <= bar.height <= TALLEST
        assert 0 <= bar.zone <= bar.x
        assert bar.x + bar.width <= bar.zone + bar.zone_width + 0.002
        assert bar.zone + bar.zone_width <= 100.01
        assert (bar.height > 0) == (bar.count > 0)
    assert max(bar.height for bar in chart.bars) == TALLEST


def test_bins_name_every_score_once() -> None:
    chart = histogram([1] * 10, yellow=40, green=70)
    assert chart is not None
    named = [score for bar in chart.bars for score in range(bar.first, bar.last + 1)]
    assert named == list(range(101))


def test_a_bar_has_the_colour_of_the_scores_it_counts() -> None:
    chart = histogram([1] * 10, yellow=40, green=70)
    assert chart is not None
    assert [bar.level for bar in chart.bars] == ["red"] * 4 + ["yellow"] * 3 + ["green"] * 3


def test_the_legend_says_which_scores_a_colour_stands_for() -> None:
    chart = histogram([1] * 10, yellow=40, green=70)
    assert chart is not None
    told = [(one.level, one.first, one.last) for one in chart.legend]
    assert told == [("green", 70, 100), ("yellow", 40, 69), ("red", 0, 39)]


def test_the_histogram_says_where_most_are() -> None:
    chart = histogram([0, 0, 1, 0, 0, 0, 0, 2, 1_200, 3], yellow=40, green=70)
    assert chart is not None
    assert chart.words == "1,206 customers; most, 1,200, have a score from 80 to 89"
    assert chart.bars[8].label == "1.2k"
    assert chart.table.rows[8] == ("80 to 89", "1,200")


@given(st.lists(st.integers(min_value=0, max_value=10**6), max_size=20))
def test_the_longest_bar_is_full_and_no_count_is_invisible(counts: list[int]) -> None:
    rows = bar_rows([(f"Tag {place}", count, "") for place, count in enumerate(counts)])
    assert [row.count for row in rows] == counts
    assert all(0 <= row.length <= 100 for row in rows)
    assert all((row.length >= 1) == (row.count > 0) for row in rows)
    if sum(counts):
        assert max(row.length for row in rows) == 100
        assert sum(row.share for row in rows) == pytest.approx(1)


@pytest.mark.parametrize(
    ("score", "level"),
    [(0, "red"), (39, "red"), (40, "yellow"), (69, "yellow"), (70, "green"), (100, "green")],
)
def test_a_limit_belongs_to_the_better_level(score: float, level: str) -> None:
    assert level_of(score, yellow=40, green=70) == level
