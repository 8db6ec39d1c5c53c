"""Two histograms in one: both on one scale, nobody lost between them."""

from hypothesis import given
from hypothesis import strategies as st

from pulsescore.web.charts import before_after
from pulsescore.web.charts.before_after import BASELINE, TALLEST

COUNTS = st.integers(min_value=0, max_value=10**6)
BINS = st.lists(st.tuples(COUNTS, COUNTS), min_size=10, max_size=10).map(
    lambda pairs: [(10 * at, 10 * at + 9, *pair) for at, pair in enumerate(pairs)]
)


@given(BINS)
def test_bars_stand_on_one_baseline_and_in_one_scale(
    bins: list[tuple[int, int, int, int]],
) -> None:
    chart = before_after(bins, yellow=40, green=70)
    highest = max(max(one[2:]) for one in bins)
    if chart is None:
        assert highest == 0
        return
    for pair in chart.pairs:
        for count, height in ((pair.before, pair.height_before), (pair.after, pair.height_after)):
            assert 0 <= height <= TALLEST < BASELINE
            assert (height == TALLEST) or count < highest
            assert bool(height) == bool(count)
        assert pair.zone <= pair.x_before < pair.x_after
        assert pair.x_after + pair.width <= pair.zone + pair.zone_width + 0.01


def test_what_would_be_has_the_colours_of_the_new_thresholds() -> None:
    chart = before_after([(0, 49, 1, 1), (50, 100, 1, 1)], yellow=80, green=90)

    assert chart
    assert [pair.level for pair in chart.pairs] == ["red", "red"]


def test_the_same_is_told_as_a_table_and_in_words() -> None:
    chart = before_after([(0, 49, 3, 1), (50, 100, 1_000, 1_002)], yellow=40, green=70)

    assert chart
    assert list(chart.table.rows) == [("0 to 49", "3", "1"), ("50 to 100", "1,000", "1,002")]
    assert chart.words == ("before, most have a score from 50 to 100; after, from 50 to 100")
