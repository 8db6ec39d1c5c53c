"""Who is drawn for a backtest: those who left, and others on the same days."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsescore.scoring.backtest.plan import (
    MOST_LEAVERS,
    STAYERS_EACH,
    Leavers,
    People,
    draw,
)
from pulsescore.scoring.factors import DAY

NOW = 400 * DAY


def people(first_opened: list[int]) -> People:
    size = len(first_opened)
    return People(
        np.arange(1, size + 1), np.array(first_opened) * DAY, np.ones(size, dtype=np.bool_)
    )


def leavers(days: dict[int, int]) -> Leavers:
    ids = np.array(sorted(days), dtype=np.int64)
    return Leavers(ids, ids + 1_000_000, np.array([days[one] * DAY for one in ids.tolist()]))


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 399), min_size=1, max_size=80),
    st.dictionaries(st.integers(1, 80), st.integers(100, 420), max_size=40),
)
def test_each_day_has_the_same_share_of_those_who_stayed(
    first_opened: list[int], left: dict[int, int]
) -> None:
    sample = draw(people(first_opened), leavers(left), horizon=30, known_since=90 * DAY, now=NOW)

    gone = Counter(sample.at[sample.left].tolist())
    stayed = Counter(sample.at[~sample.left].tolist())
    ratios = {stayed[day] / count for day, count in gone.items()}
    assert len(ratios) <= 1
    assert set(stayed) <= set(gone)
    assert not set(sample.customer_ids[~sample.left].tolist()) & left.keys()
    for customer, at in zip(sample.customer_ids.tolist(), sample.at.tolist(), strict=True):
        assert first_opened[customer - 1] * DAY <= at
        assert at >= 90 * DAY
    counts = sample.counts
    parts = (counts.no_score, counts.too_early, counts.yet_to_come, counts.unmatched)
    assert counts.looked_at + sum(parts) == len(left)


def test_a_great_number_is_drawn_from_and_stands_for_all() -> None:
    size = 2 * MOST_LEAVERS
    everybody = people([0] * (size + 30_000))

    sample = draw(
        everybody,
        leavers({one: 200 + one % 50 for one in range(1, size + 1)}),
        horizon=60,
        known_since=0,
        now=NOW,
    )

    assert int(sample.left.sum()) == MOST_LEAVERS == sample.counts.not_drawn
    assert int((~sample.left).sum()) == STAYERS_EACH * MOST_LEAVERS
    assert (sample.leavers, sample.stayers) == (size, 30_000)


def test_the_deleted_are_no_stayers() -> None:
    known = people([0] * 30)
    known.is_here[10:] = False

    sample = draw(known, leavers({1: 200}), horizon=30, known_since=0, now=NOW)

    assert set(sample.customer_ids[~sample.left].tolist()) <= set(range(2, 11))
    assert sample.stayers == 9
