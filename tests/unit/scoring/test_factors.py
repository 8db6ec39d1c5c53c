"""The formulas of scoring.md: its worked examples, and what must hold for any input."""

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.scoring.config import DEFAULTS, FACTORS, Config
from pulsescore.scoring.factors import (
    DAY,
    HOUR,
    LEVELS,
    Signals,
    curve,
    evaluate,
    judge,
    measure,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
T = NOW.timestamp()
NAN = math.nan


def one(**signals: float) -> Signals:
    """Signals of one customer; what is not named is unknown or zero."""
    known: dict[str, Any] = {
        "customer_ids": 1,
        "conversations": 1,
        "open_tickets": 0,
        "resolution_secs": 0,
        "resolutions": 0,
        "reopens": 0,
        "last_seen_at": NAN,
        "last_replied_at": NAN,
        "latest_activity_at": NAN,
        "latest_created_at": NAN,
        "latest_closed": 0,
        "latest_closed_at": NAN,
        "latest_updated_at": NAN,
        "latest_admin_reply_at": NAN,
        "recent_conversations": 0,
        **signals,
    }
    ids = np.array([known.pop("customer_ids")], dtype=np.int64)
    return Signals(customer_ids=ids, **{k: np.array([float(v)]) for k, v in known.items()})


def ago(days: float) -> float:
    return T - days * DAY


CASES = {
    "A": (
        {
            "resolution_secs": 4 * HOUR,
            "resolutions": 1,
            "last_seen_at": ago(1),
            "last_replied_at": ago(2),
            "latest_activity_at": ago(2),
            "latest_created_at": ago(2),
            "latest_closed": 1,
            "latest_closed_at": ago(2),
            "latest_updated_at": ago(2),
        },
        (0.9961, 1, 0.9363, 1, 1),
        (99, "green"),
    ),
    "B": (
        {
            "conversations": 6,
            "open_tickets": 4,
            "resolution_secs": 144 * HOUR,
            "resolutions": 2,
            "reopens": 3,
            "last_seen_at": ago(30),
            "last_replied_at": ago(40),
            "latest_activity_at": ago(6),
            "latest_created_at": ago(6.5),
            "latest_updated_at": ago(6),
        },
        (0.2228, 0.2612, 0.1614, 0.1614, 0.2387),
        (21, "red"),
    ),
    "C": (
        {
            "conversations": 2,
            "open_tickets": 1,
            "resolution_secs": 12 * HOUR,
            "resolutions": 1,
            "last_seen_at": ago(3),
            "last_replied_at": ago(2),
            "latest_activity_at": ago(1),
            "latest_created_at": ago(2.5),
            "latest_updated_at": ago(1),
            "latest_admin_reply_at": ago(0.5),
        },
        (0.9451, 0.7388, 0.7388, 1, 0.9363),
        (86, "green"),
    ),
    "D": (
        {
            "conversations": 2,
            "open_tickets": 1,
            "resolution_secs": 24 * HOUR,
            "resolutions": 1,
            "reopens": 1,
            "last_seen_at": ago(7),
            "last_replied_at": ago(5),
            "latest_activity_at": ago(3),
            "latest_created_at": ago(6),
            "latest_updated_at": ago(3),
            "latest_admin_reply_at": ago(3),
        },
        (0.7388, 0.7388, 0.5, 0.5, 0.5),
        (61, "yellow"),
    ),
    "E": (
        {
            "resolution_secs": 8 * HOUR,
            "resolutions": 1,
            "latest_activity_at": ago(4),
            "latest_created_at": ago(5),
            "latest_closed": 1,
            "latest_closed_at": ago(4),
            "latest_updated_at": ago(4),
        },
        (0.8589, 1, 0.8386, 1, 0.8386),
        (92, "green"),
    ),
    "F": (
        {
            "open_tickets": 1,
            "last_seen_at": ago(2),
            "last_replied_at": ago(1.5),
            "latest_activity_at": ago(1.5),
            "latest_created_at": ago(2),
            "latest_updated_at": ago(1.5),
        },
        (0.9748, 0.7388, NAN, 1, 1),
        (91, "green"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_worked_example(case: str) -> None:
    signals, values, (score, level) = CASES[case]
    outcome = evaluate(one(**signals), DEFAULTS, NOW)
    assert outcome.values[0] == pytest.approx(values, abs=0.00005, nan_ok=True)
    assert (int(outcome.scores[0]), LEVELS[outcome.levels[0]]) == (score, level)


def test_without_any_conversation_there_is_no_score() -> None:
    outcome = evaluate(one(conversations=0, last_seen_at=ago(1)), DEFAULTS, NOW)
    assert (outcome.scores[0], outcome.levels[0], outcome.reasons[0]) == (-1, 0, 1)
    assert np.isnan(outcome.values).all()


def test_without_a_weight_left_there_is_no_score() -> None:
    only_resolution = Config(
        {key: float(key == "resolution_time") for key in FACTORS}, DEFAULTS.halves, 40, 70
    )
    outcome = evaluate(one(**CASES["F"][0]), only_resolution, NOW)
    assert (outcome.scores[0], outcome.levels[0], outcome.reasons[0]) == (-1, 0, 2)


def test_the_curve_is_one_at_zero_and_one_half_at_half() -> None:
    x = np.array([-5.0, 0.0, 24.0, 1e300])
    assert curve(x, 24.0).tolist() == [1.0, 1.0, 0.5, 0.0]


def test_an_exact_half_point_is_rounded_up() -> None:
    raws = np.array([[0.0, 2.0, 0.0, 0.0, 0.0]])
    assert judge(np.array([1]), raws, DEFAULTS).scores[0] == 88


def test_a_reply_at_the_very_instant_of_creation_counts_as_spoken() -> None:
    spoken = one(last_replied_at=ago(3), latest_created_at=ago(3), latest_activity_at=ago(3))
    assert measure(spoken, T)[0, 4] == 0


def test_a_closed_conversation_without_closing_time_ends_with_its_update() -> None:
    closed = one(latest_created_at=ago(5), latest_updated_at=ago(4), latest_closed=1)
    assert measure(closed, T)[0, 4] == pytest.approx(24)


def test_instants_in_the_future_have_age_zero() -> None:
    raws = measure(one(last_seen_at=T + 50, latest_activity_at=T + 50, latest_created_at=T + 9), T)
    assert raws[0, 0] == 0
    assert raws[0, 4] == 0


def test_recent_conversations_help_a_long_unseen_customer_only_so_far() -> None:
    raws = measure(one(last_seen_at=ago(10), latest_activity_at=ago(500)), T)
    assert raws[0, 0] == pytest.approx(0.75 * 10 + 0.25 * 40)


amounts = st.floats(0, 1e6, allow_nan=False)
maybe = st.one_of(st.just(NAN), amounts)
raw_rows = st.tuples(amounts, st.integers(0, 500), maybe, st.integers(0, 500), amounts)
instants = st.one_of(st.just(NAN), st.floats(T - 400 * DAY, T + DAY))


@st.composite
def configs(draw: st.DrawFn) -> Config:
    weights = draw(st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(any))
    halves = draw(st.lists(st.floats(0.01, 1000), min_size=5, max_size=5))
    yellow = draw(st.integers(1, 98))
    return Config(
        dict(zip(FACTORS, (float(w) for w in weights), strict=True)),
        dict(zip(FACTORS, halves, strict=True)),
        yellow,
        draw(st.integers(yellow + 1, 100)),
    )


@st.composite
def signals(draw: st.DrawFn, size: int) -> Signals:
    def column(values: st.SearchStrategy[float]) -> Any:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), dtype=float)

    counts = st.integers(0, 6).map(float)
    return Signals(
        np.arange(1, size + 1),
        *(column(counts) for _ in range(2)),
        column(st.integers(0, 10**6).map(float)),
        *(column(counts) for _ in range(2)),
        *(column(instants) for _ in range(4)),
        column(st.sampled_from([0.0, 1.0])),
        *(column(instants) for _ in range(3)),
        column(counts),
    )


@given(signals(7), configs())
def test_a_batch_scores_as_its_customers_one_by_one_bit_for_bit(
    batch: Signals, config: Config
) -> None:
    together = evaluate(batch, config, NOW)
    for row in range(7):
        alone = evaluate(batch.take(np.array([row])), config, NOW)
        assert alone.values.tobytes() == together.values[row : row + 1].tobytes()
        assert alone.scores[0] == together.scores[row]
        assert alone.levels[0] == together.levels[row]


@given(signals(5), configs())
def test_every_factor_lies_between_zero_and_one(batch: Signals, config: Config) -> None:
    outcome = evaluate(batch, config, NOW)
    present = outcome.values[~np.isnan(outcome.values)]
    assert ((present >= 0) & (present <= 1)).all()
    assert ((outcome.scores >= -1) & (outcome.scores <= 100)).all()


@given(amounts, amounts, st.floats(0.01, 1000))
def test_no_factor_rises_when_its_x_rises(one_x: float, other_x: float, half: float) -> None:
    low, high = sorted((one_x, other_x))
    values = curve(np.array([low, high]), half)
    assert values[0] >= values[1]


@given(raw_rows, configs(), st.floats(1e-3, 1e3))
def test_rescaling_all_weights_changes_nothing(
    raws: tuple[float, ...], config: Config, scale: float
) -> None:
    scaled = Config(
        {key: weight * scale for key, weight in config.weights.items()},
        config.halves,
        config.yellow,
        config.green,
    )
    row = np.array([raws])
    ids = np.array([1])
    assert judge(ids, row, scaled).scores[0] == judge(ids, row, config).scores[0]


@given(raw_rows, st.integers(0, 4), st.floats(-1e-6, 1e-6))
def test_the_score_moves_by_its_rounding_only_when_an_input_moves_by_an_instant(
    raws: tuple[float, ...], column: int, nudge: float
) -> None:
    row = np.array([raws, raws])
    row[1, column] = np.maximum(0.0, row[1, column] + nudge)
    scores = judge(np.array([1, 2]), row, DEFAULTS).scores.astype(int)
    assert abs(scores[0] - scores[1]) <= 1


@given(raw_rows)
def test_levels_follow_the_thresholds(raws: tuple[float, ...]) -> None:
    outcome = judge(np.array([1]), np.array([raws]), DEFAULTS)
    score = outcome.scores[0]
    expected = "green" if score >= 70 else "yellow" if score >= 40 else "red"
    assert LEVELS[outcome.levels[0]] == expected


@given(raw_rows, configs())
def test_a_factor_of_weight_zero_or_missing_does_not_matter(
    raws: tuple[float, ...], config: Config
) -> None:
    weightless = Config(
        {**config.weights, "resolution_time": 0.0}, config.halves, config.yellow, config.green
    )
    missing = np.array([[*raws[:2], NAN, *raws[3:]]])
    ids = np.array([1])
    assert judge(ids, np.array([raws]), weightless).scores == judge(ids, missing, config).scores
