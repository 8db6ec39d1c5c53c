"""Exceptions hold scores down, and never lift one."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.scoring.caps import CAP_NAMES, hold_down
from pulsescore.scoring.config import DEFAULTS
from pulsescore.scoring.exceptions import Cap, Exceptions
from pulsescore.scoring.factors import judge

BOTH = Exceptions(not_seen=Cap(30, 60), many_open=Cap(5, 50))


def held(score: int, *, unseen: float, talks: float, by: Exceptions = BOTH) -> tuple[int, object]:
    scores, caps = hold_down(
        np.array([score], dtype=np.int16),
        by,
        days_unseen=np.array([unseen]),
        open_tickets=np.array([talks]),
    )
    return int(scores[0]), CAP_NAMES[caps[0]]


def test_an_exception_begins_exactly_at_its_number() -> None:
    assert held(90, unseen=29.99, talks=4) == (90, None)
    assert held(90, unseen=30, talks=4) == (60, "not_seen")
    assert held(90, unseen=0, talks=5) == (50, "many_open")


def test_of_two_exceptions_the_lower_one_holds() -> None:
    assert held(90, unseen=30, talks=5) == (50, "many_open")
    lower = replace(BOTH, not_seen=Cap(30, 40))
    assert held(90, unseen=30, talks=5, by=lower) == (40, "not_seen")


def test_a_lower_score_is_no_exceptions_doing() -> None:
    assert held(45, unseen=99, talks=9) == (45, None)
    assert held(50, unseen=0, talks=9) == (50, None)


def test_no_score_and_nothing_known_are_left_alone() -> None:
    assert held(-1, unseen=99, talks=9) == (-1, None)
    assert held(90, unseen=np.nan, talks=np.nan) == (90, None)


@given(
    st.lists(st.tuples(st.floats(0, 90), st.integers(0, 12)), min_size=1, max_size=6),
    st.integers(0, 100),
)
def test_scores_of_a_batch_are_scores_one_by_one(
    people: list[tuple[float, int]], at_most: int
) -> None:
    config = replace(
        DEFAULTS, exceptions=Exceptions(not_seen=Cap(20, at_most), many_open=Cap(3, 50))
    )
    raws = np.array([[away, talks, np.nan, 0, 0] for away, talks in people])
    ids = np.arange(len(people))
    together = judge(ids, raws, config, unseen=raws[:, 0])
    plain = judge(ids, raws, DEFAULTS)
    for row in range(len(people)):
        alone = judge(
            ids[row : row + 1], raws[row : row + 1], config, unseen=raws[row : row + 1, 0]
        )
        assert alone.scores[0] == together.scores[row] <= plain.scores[row]
        assert alone.levels[0] == together.levels[row]
