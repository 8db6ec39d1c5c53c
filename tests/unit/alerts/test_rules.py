"""Rules fire once per crossing; between firing and being over lies a margin."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pulsescore.alerts.params import KINDS, clean_params, parse_condition
from pulsescore.alerts.rules import (
    MARGIN,
    Bands,
    Condition,
    FactorReaches,
    LevelBecomes,
    Past,
    ScoreBelow,
    ScoreDrops,
    Standing,
    Verdict,
    judge,
)
from pulsescore.alerts.watch import watch_of
from pulsescore.core.errors import Invalid

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
BANDS = Bands(yellow=40, green=70)
COOLDOWN = timedelta(hours=24)
NEVER = Past()


def stands(score: int | None, *, peak: int | None = None, **raws: float) -> Standing:
    level = None
    if score is not None:
        level = "red" if score < 40 else "yellow" if score < 70 else "green"
    peaks = {7: peak} if peak is not None else {}
    return Standing(score, level, raws, peaks)


def verdict(condition: Condition, before: Standing, after: Standing, past: Past = NEVER) -> Verdict:
    return judge(
        condition,
        before=before,
        after=after,
        bands=BANDS,
        past=past,
        cooldown=COOLDOWN,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("condition", "before", "after"),
    [
        (LevelBecomes("red"), stands(41), stands(39)),
        (LevelBecomes("green"), stands(69), stands(70)),
        (LevelBecomes("yellow"), stands(39), stands(40)),
        (ScoreBelow(50), stands(50), stands(49)),
        (ScoreDrops(20, 7), stands(61, peak=80), stands(60, peak=80)),
        (FactorReaches("open_tickets", 3), stands(90, open_tickets=2), stands(88, open_tickets=3)),
        (FactorReaches("resolution_time", 48), stands(90), stands(70, resolution_time=60.0)),
    ],
)
def test_a_crossing_fires(condition: Condition, before: Standing, after: Standing) -> None:
    assert verdict(condition, before, after) is Verdict.FIRE
    assert verdict(condition, after, after) is Verdict.NOTHING


def test_a_first_score_fires_nothing() -> None:
    assert verdict(LevelBecomes("red"), stands(None), stands(10)) is Verdict.NOTHING


def test_who_fired_does_not_fire_again_while_it_holds() -> None:
    held = Past(is_held=True, fired_at=NOW - timedelta(days=30))

    assert verdict(LevelBecomes("red"), stands(41), stands(39), held) is Verdict.NOTHING


def test_a_crossing_within_the_cooldown_reopens_instead_of_telling_again() -> None:
    lately = Past(fired_at=NOW - timedelta(hours=23))
    long_ago = Past(fired_at=NOW - timedelta(hours=24))

    assert verdict(LevelBecomes("red"), stands(41), stands(39), lately) is Verdict.REOPEN
    assert verdict(LevelBecomes("red"), stands(41), stands(39), long_ago) is Verdict.FIRE


@pytest.mark.parametrize(
    ("condition", "still", "over"),
    [
        (LevelBecomes("red"), stands(42), stands(43)),
        (LevelBecomes("green"), stands(67), stands(66)),
        (LevelBecomes("yellow"), stands(37), stands(36)),
        (LevelBecomes("yellow"), stands(72), stands(73)),
        (ScoreBelow(50), stands(52), stands(53)),
        (ScoreBelow(99), stands(99), stands(100)),
        (ScoreDrops(20, 7), stands(63, peak=80), stands(64, peak=80)),
        (FactorReaches("open_tickets", 3), stands(9, open_tickets=3), stands(9, open_tickets=2)),
        (
            FactorReaches("response_rate", 100),
            stands(9, response_rate=90.0),
            stands(9, response_rate=89.9),
        ),
        (LevelBecomes("red"), stands(5), stands(None)),
        (ScoreBelow(50), stands(5), stands(None)),
    ],
)
def test_an_alert_is_over_beyond_the_margin(
    condition: Condition, still: Standing, over: Standing
) -> None:
    held = Past(is_held=True, fired_at=NOW)

    assert verdict(condition, still, still, held) is Verdict.NOTHING
    assert verdict(condition, over, over, held) is Verdict.RECOVER


def test_a_level_that_a_person_set_needs_no_margin() -> None:
    overridden = Standing(20, "green", {})

    assert verdict(LevelBecomes("red"), stands(20), overridden, Past(is_held=True)) is (
        Verdict.RECOVER
    )


SCORES = st.none() | st.integers(0, 100)


@hypothesis_settings(max_examples=60)
@given(st.lists(SCORES, min_size=2, max_size=25))
def test_between_two_alerts_lies_a_recovery_beyond_the_margin(scores: list[int | None]) -> None:
    """Whatever a score does, it fires again only after it was at least the margin above."""
    held, fired = False, []
    for place in range(1, len(scores)):
        past = Past(is_held=held)
        told = verdict(LevelBecomes("red"), stands(scores[place - 1]), stands(scores[place]), past)
        if told is Verdict.FIRE:
            held = True
            fired.append(place)
        elif told is Verdict.RECOVER:
            held = False
    for first, second in pairwise(fired):
        between = scores[first:second]
        assert any(one is None or one >= 40 + MARGIN for one in between)


@hypothesis_settings(max_examples=100)
@given(
    st.sampled_from(
        [
            LevelBecomes("red"),
            LevelBecomes("yellow"),
            LevelBecomes("green"),
            ScoreBelow(50),
            ScoreBelow(99),
            FactorReaches("open_tickets", 3),
            FactorReaches("resolution_time", 48),
        ]
    ),
    st.integers(0, 100),
    st.integers(0, 100),
    st.sampled_from([0.0, 2.0, 3.0, 43.0, 43.2, 44.0, 48.0, 90.0]),
    st.sampled_from([0.0, 2.0, 3.0, 43.0, 43.2, 44.0, 48.0, 90.0]),
)
def test_whoever_passes_nothing_that_is_watched_changes_no_verdict(
    condition: Condition, one: int, other: int, raw: float, other_raw: float
) -> None:
    """What scoring leaves unmarked is what no rule can tell apart."""
    watch = watch_of([condition])
    edges = set(watch.edges)
    if watch.levels:
        for end in (BANDS.yellow, BANDS.green):
            edges |= {end, min(end + MARGIN, 100), max(end - MARGIN, 1)}
    raws = [edge for edges_of_one in watch.factor_edges.values() for edge in edges_of_one]
    passed = any((one >= edge) != (other >= edge) for edge in edges)
    passed = passed or any((raw >= edge) != (other_raw >= edge) for edge in raws)
    name = condition.factor if isinstance(condition, FactorReaches) else "open_tickets"
    before, after = stands(one, **{name: raw}), stands(other, **{name: other_raw})
    if not passed:
        assert condition.holds(before, BANDS) == condition.holds(after, BANDS)
        assert condition.is_clear(before, BANDS) == condition.is_clear(after, BANDS)


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("level_becomes", {"level": "purple"}),
        ("level_becomes", {}),
        ("score_below", {"score": 0}),
        ("score_below", {"score": 101}),
        ("score_below", {"score": True}),
        ("score_below", {"score": 40, "more": 1}),
        ("score_drops", {"points": 10, "days": 91}),
        ("factor_reaches", {"factor": "open_tickets", "value": 0}),
        ("factor_reaches", {"factor": "open_tickets", "value": float("nan")}),
        ("factor_reaches", {"factor": "mood", "value": 1}),
        ("connection_needs_attention", {"level": "red"}),
        ("phase_of_the_moon", {}),
    ],
)
def test_parameters_that_make_no_sense_are_refused(kind: str, params: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        parse_condition(kind, params)


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("level_becomes", {"level": "red"}),
        ("score_below", {"score": 40}),
        ("score_drops", {"points": 10, "days": 7}),
        ("factor_reaches", {"factor": "open_tickets", "value": 3.0}),
        ("connection_needs_attention", {}),
    ],
)
def test_parameters_are_stored_as_they_were_sent(kind: str, params: dict[str, object]) -> None:
    assert clean_params(kind, params) == params
    assert set(KINDS[kind]) == set(params)
