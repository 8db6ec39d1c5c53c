"""An explanation adds up: factors to the score, changes to the difference, bit for bit."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.scoring.config import DEFAULTS, FACTORS, Config
from pulsescore.scoring.explain import (
    factor_changes,
    factor_rows,
    main_causes,
    rounding_of,
)
from pulsescore.scoring.factors import judge, rate

NAN = math.nan
amounts = st.floats(0, 5000)
raw_rows = st.tuples(
    amounts, st.integers(0, 30), st.one_of(st.just(NAN), amounts), st.integers(0, 9), amounts
)
configs = st.lists(st.integers(1, 9), min_size=5, max_size=5).map(
    lambda weights: Config(
        {key: weight / sum(weights) for key, weight in zip(FACTORS, weights, strict=True)},
        DEFAULTS.halves,
        40,
        70,
    )
)
EXAMPLE_D = (6.0, 1.0, 24.0, 1.0, 72.0)


def scored(raws: tuple[float, ...], config: Config) -> tuple[list[float], int]:
    outcome = judge(np.array([1]), np.array([raws], dtype=float), config)
    return outcome.values[0].tolist(), int(outcome.scores[0])


@given(raw_rows, configs)
def test_points_and_rounding_sum_to_the_score_exactly(
    raws: tuple[float, ...], config: Config
) -> None:
    values, score = scored(raws, config)
    rows = factor_rows(raws, values, config)
    assert sum(row.points for row in rows) + rounding_of(score, rows) == score
    assert abs(rounding_of(score, rows)) <= 0.51
    assert sum(row.points + row.points_lost for row in rows) == pytest.approx(100, abs=0.01)
    assert all(row.points_lost >= -0.001 for row in rows)


@given(raw_rows, raw_rows, configs, configs)
def test_changes_sum_to_the_difference_exactly(
    then: tuple[float, ...], now: tuple[float, ...], config_then: Config, config_now: Config
) -> None:
    (values_then, score_then), (values_now, score_now) = (
        scored(then, config_then),
        scored(now, config_now),
    )
    changes = factor_changes(
        then=values_then,
        score_then=score_then,
        config_then=config_then,
        now=values_now,
        score_now=score_now,
        config_now=config_now,
    )
    assert sum(change.points for change in changes) == score_now - score_then
    sizes = [abs(change.points) for change in changes]
    assert sizes == sorted(sizes, reverse=True)


def test_a_missing_factor_has_no_value_and_its_weight_goes_to_the_others() -> None:
    raws = (0.0, 1.0, NAN, 0.0, 0.0)
    values, _score = scored(raws, DEFAULTS)
    missing = factor_rows(raws, values, DEFAULTS)[2]
    assert (missing.raw, missing.value, missing.weight, missing.points) == (None, None, 0, 0)
    assert missing.words == "nothing resolved in 90 days"
    rows = factor_rows(raws, values, DEFAULTS)
    assert [row.weight for row in rows] == pytest.approx([0.25, 0.3125, 0, 0.25, 0.1875])


def test_each_factor_speaks_in_words() -> None:
    values, _score = scored(EXAMPLE_D, DEFAULTS)
    rows = factor_rows(EXAMPLE_D, values, DEFAULTS, seen_days=7)
    assert [row.words for row in rows] == [
        "seen 7 days ago",
        "1 open conversation",
        "resolved in 24 hours on average",
        "reopened once in 30 days",
        "silent for 3 days",
    ]


def test_nothing_wrong_is_said_plainly_too() -> None:
    raws = (0.5, 0.0, 0.25, 0.0, 0.0)
    values, _score = scored(raws, DEFAULTS)
    assert [row.words for row in factor_rows(raws, values, DEFAULTS)] == [
        "away for about 12 hours",
        "no open conversation",
        "resolved in 15 minutes on average",
        "nothing reopened in 30 days",
        "in touch",
    ]


def test_between_a_score_and_none_nothing_is_compared() -> None:
    values, score = scored(EXAMPLE_D, DEFAULTS)
    assert not factor_changes(
        then=[NAN] * 5,
        score_then=None,
        config_then=DEFAULTS,
        now=values,
        score_now=score,
        config_now=DEFAULTS,
    )


def test_the_main_cause_is_the_factor_that_took_most_points() -> None:
    then = rate(np.array([[0.0, 0.0, 1.0, 0.0, 0.0]] * 2), DEFAULTS)
    now = rate(np.array([[0.0, 1.0, 1.0, 3.0, 0.0], [0.0, 9.0, 1.0, 0.0, 0.0]]), DEFAULTS)
    causes = main_causes(
        then=then, now=now, versions_then=[1, 1], versions_now=[1, 1], configs={1: DEFAULTS}
    )
    assert causes == ["reopen_rate", "open_tickets"]
