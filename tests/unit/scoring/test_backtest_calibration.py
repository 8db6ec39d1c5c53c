"""A backtest's interval is what it says: where nothing tells, it covers chance 95 in 100 times.

`PULSESCORE_CASES` tries as many worlds; a handful by default.
"""

import os

import numpy as np
import pytest
from scipy.stats import binom

from pulsescore.scoring.backtest.evidence import Seen, discrimination, suggestion
from pulsescore.scoring.config import DEFAULTS, FACTORS
from pulsescore.scoring.factors import weigh

WORLDS = int(os.environ.get("PULSESCORE_CASES", "9"))
# Rarer than this is no bad luck.
UNLIKELY = 0.002


def world(seed: int, *, firms: bool) -> Seen:
    """Customers with factors at random, of whom some left at random; colleagues leave together."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(120, 260))
    clusters = rng.integers(0, count // 2, count) if firms else np.arange(count)
    left = (rng.random(count) < 0.3)[clusters]
    values = rng.beta(2, 1, (count, len(FACTORS)))
    if firms:
        values = (values + values[clusters]) / 2
    values[rng.random(values.shape) < 0.1] = np.nan
    values[:, 1] = rng.random(count)
    return Seen(left, clusters, values, weigh(values, DEFAULTS))


@pytest.mark.parametrize("firms", [False, True], ids=["single people", "colleagues"])
def test_where_nothing_tells_the_interval_covers_chance(firms: bool) -> None:
    found = [discrimination(world(seed, firms=firms), resamples=299) for seed in range(WORLDS)]

    missed = sum(not one["low"] <= 0.5 <= one["high"] for one in found)

    print(f"{missed} of {WORLDS} intervals without 0.5; 5 % are expected")
    # A small bootstrap is a little narrow: up to 8 % is what people are told of as 95 %.
    assert binom.sf(missed - 1, WORLDS, 0.08) > UNLIKELY
    if WORLDS >= 100:
        assert missed > 0, "an interval that always covers chance says nothing"


def test_where_nothing_tells_other_weights_are_hardly_ever_suggested() -> None:
    weights = [DEFAULTS.weights[key] for key in FACTORS]
    worlds = (world(seed, firms=False) for seed in range(max(WORLDS // 3, 3)))

    suggested = [suggestion(one, weights, resamples=199)["better"] for one in worlds]

    print(f"{sum(suggested)} of {len(suggested)} worlds had better weights")
    assert binom.sf(sum(suggested) - 1, len(suggested), 0.05) > UNLIKELY
