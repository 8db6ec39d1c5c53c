"""A company's score: the weighted mean of its members', rounded as a customer's is."""

from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from pulsescore.scoring.company_score import company_score, level_of
from pulsescore.scoring.config import DEFAULTS

members = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 50)), min_size=1, max_size=12)


def test_nobody_scored_means_no_score() -> None:
    assert company_score([]) is None


def test_who_writes_more_weighs_more() -> None:
    assert company_score([(90, 0), (30, 0)]) == 60
    assert company_score([(90, 0), (30, 2)]) == 45


def test_a_half_is_rounded_up() -> None:
    assert company_score([(50, 0), (51, 0)]) == 51


@given(members)
def test_it_is_the_exact_mean_rounded_half_up(people: list[tuple[int, int]]) -> None:
    weights = sum(1 + recent for _score, recent in people)
    mean = Fraction(sum(score * (1 + recent) for score, recent in people), weights)

    assert company_score(people) == floor(mean + Fraction(1, 2))


@given(members)
def test_it_lies_between_the_worst_and_the_best_whatever_the_order(
    people: list[tuple[int, int]],
) -> None:
    score = company_score(people)

    assert score == company_score(sorted(people, reverse=True))
    assert score is not None
    assert min(people)[0] <= score <= max(people)[0]


def test_levels_begin_at_their_thresholds() -> None:
    levels = [level_of(score, DEFAULTS) for score in (None, 39, 40, 69, 70)]

    assert levels == [None, "red", "yellow", "yellow", "green"]
