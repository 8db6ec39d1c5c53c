"""An explanation adds up: lines to the score, changes to the difference, bit for bit."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.scoring.caps import CAP_NAMES
from pulsescore.scoring.config import DEFAULTS, FACTORS, Config
from pulsescore.scoring.exceptions import Cap, Exceptions
from pulsescore.scoring.explain import adjustment_rows, factor_rows, rounding_of
from pulsescore.scoring.factors import Outcome, judge, rate
from pulsescore.scoring.moved import Scored, factor_changes, main_causes
from pulsescore.scoring.overrides import Overrides, apply_overrides

NAN = math.nan
amounts = st.floats(0, 5000)
raw_rows = st.tuples(
    amounts, st.integers(0, 30), st.one_of(st.just(NAN), amounts), st.integers(0, 9), amounts
)
caps = st.one_of(st.none(), st.builds(Cap, st.integers(1, 9), st.integers(0, 100)))
configs = st.builds(
    lambda weights, not_seen, many_open: Config(
        {key: weight / sum(weights) for key, weight in zip(FACTORS, weights, strict=True)},
        DEFAULTS.halves,
        40,
        70,
        Exceptions(not_seen, many_open),
    ),
    st.lists(st.integers(1, 9), min_size=5, max_size=5),
    caps,
    caps,
)
# A score, a level (1 to 3) or nothing that a member says instead.
words = st.one_of(
    st.just((-1, 0)),
    st.tuples(st.integers(0, 100), st.just(0)),
    st.tuples(st.just(-1), st.integers(1, 3)),
)
cases = st.tuples(raw_rows, configs, words)
Case = tuple[tuple[float, ...], Config, tuple[int, int]]
EXAMPLE_D = (6.0, 1.0, 24.0, 1.0, 72.0)


def outcome_of(raws: tuple[float, ...], config: Config, said: tuple[int, int]) -> Outcome:
    """As the engine comes to a score: by the formula, exceptions, then what was said."""
    row = np.array([raws], dtype=float)
    outcome = judge(np.array([1]), row, config, unseen=row[:, 0])
    held = Overrides(
        customer_ids=np.array([1]),
        ids=np.array([7]),
        scores=np.array([said[0]], dtype=np.int16),
        levels=np.array([said[1]], dtype=np.int16),
        set_at=np.array([0.0]),
        expires_at=np.array([2.0]),
    ).held_at(1.0)
    return apply_overrides(outcome, held, config)


def scored(
    raws: tuple[float, ...], config: Config = DEFAULTS, said: tuple[int, int] = (-1, 0)
) -> Scored:
    """A score as it is stored."""
    outcome = outcome_of(raws, config, said)
    overridden = bool(outcome.overrides[0])
    return Scored(
        values=outcome.values[0].tolist(),
        score=None if outcome.scores[0] < 0 else int(outcome.scores[0]),
        config=config,
        cap=CAP_NAMES[outcome.caps[0]],
        is_overridden=overridden,
        computed=None if not overridden or outcome.computed[0] < 0 else int(outcome.computed[0]),
    )


@given(cases)
def test_points_rounding_and_adjustments_sum_to_the_score_exactly(case: Case) -> None:
    raws, config, said = case
    one = scored(raws, config, said)
    rows, lines = factor_rows(raws, one.values, config), adjustment_rows(one)
    rounding = rounding_of(one.by_factors, rows)
    total = sum(row.points for row in rows) + rounding + sum(line.points for line in lines)
    assert total == one.score
    assert abs(rounding) <= 0.51
    assert sum(row.points + row.points_lost for row in rows) == pytest.approx(100, abs=0.01)
    assert all(row.points_lost >= -0.001 for row in rows)


@given(cases, cases)
def test_changes_sum_to_the_difference_exactly(case_then: Case, case_now: Case) -> None:
    then, now = scored(*case_then), scored(*case_now)
    changes = factor_changes(then, now)
    assert then.score is not None
    assert now.score is not None
    assert sum(change.points for change in changes) == now.score - then.score
    sizes = [abs(change.points) for change in changes]
    assert sizes == sorted(sizes, reverse=True)


def test_a_score_that_only_its_rounding_moved_is_explained_all_the_same() -> None:
    low, high = 0.4749999999, 0.4750000001
    alone = replace(DEFAULTS, weights=dict(zip(FACTORS, (1.0, 0.0, 0.0, 0.0, 0.0), strict=True)))
    before, after = ([value, 1.0, 1.0, 1.0, 1.0] for value in (low, high))
    changes = factor_changes(Scored(before, 47, alone), Scored(after, 48, alone))
    assert [(change.key, change.points) for change in changes] == [("support_recency", 1)]


def test_an_exception_and_an_override_have_lines_of_their_own() -> None:
    config = replace(DEFAULTS, exceptions=Exceptions(many_open=Cap(1, 50)))
    one = scored(EXAMPLE_D, config, (80, 0))
    lines = adjustment_rows(one, said="set to 80 by Ada")
    assert [(line.key, line.words, line.points) for line in lines] == [
        ("many_open", "1 or more open conversations: at most 50", -11),
        ("override", "set to 80 by Ada", 30),
    ]


def test_a_score_said_of_somebody_who_has_none_is_all_the_overrides() -> None:
    one = scored((NAN,) * 5, DEFAULTS, (64, 0))
    assert [line.points for line in adjustment_rows(one)] == [64]
    assert rounding_of(one.by_factors, factor_rows((), (), DEFAULTS)) == 0
    (change,) = factor_changes(one, scored((NAN,) * 5, DEFAULTS, (70, 0)))
    assert (change.key, change.points) == ("override", 6)


def test_a_missing_factor_has_no_value_and_its_weight_goes_to_the_others() -> None:
    raws = (0.0, 1.0, NAN, 0.0, 0.0)
    values = scored(raws).values
    missing = factor_rows(raws, values, DEFAULTS)[2]
    assert (missing.raw, missing.value, missing.weight, missing.points) == (None, None, 0, 0)
    assert missing.words == "nothing resolved in 90 days"
    rows = factor_rows(raws, values, DEFAULTS)
    assert [row.weight for row in rows] == pytest.approx([0.25, 0.3125, 0, 0.25, 0.1875])


def test_each_factor_speaks_in_words() -> None:
    values = scored(EXAMPLE_D).values
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
    values = scored(raws).values
    assert [row.words for row in factor_rows(raws, values, DEFAULTS)] == [
        "away for about 12 hours",
        "no open conversation",
        "resolved in 15 minutes on average",
        "nothing reopened in 30 days",
        "in touch",
    ]


def test_between_a_score_and_none_nothing_is_compared() -> None:
    assert not factor_changes(Scored([NAN] * 5, None, DEFAULTS), scored(EXAMPLE_D))


def test_the_main_cause_is_the_part_that_took_most_points() -> None:
    then = rate(np.array([[0.0, 0.0, 1.0, 0.0, 0.0]] * 3), DEFAULTS).tolist()
    now = rate(
        np.array([[0.0, 1.0, 1.0, 3.0, 0.0], [0.0, 9.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0]]),
        DEFAULTS,
    ).tolist()
    causes = main_causes(
        [Scored(values, 100, DEFAULTS) for values in then],
        [
            Scored(now[0], 70, DEFAULTS),
            Scored(now[1], 77, DEFAULTS),
            Scored(now[2], 30, DEFAULTS, is_overridden=True, computed=100),
        ],
    )
    assert causes == ["reopen_rate", "open_tickets", "override"]
