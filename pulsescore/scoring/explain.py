"""Pure: what each factor contributes to a score, and what else makes it what it is.

The factors' points sum to the score before rounding; `rounding` is what is between that and the
score of the factors. An exception takes points off, an override puts another score in its place:
each has a line of its own. Points, rounding and these lines sum to the score exactly.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pulsescore.scoring.config import FACTORS, Config
from pulsescore.scoring.exceptions import BEGINS
from pulsescore.scoring.moved import OVERRIDE, Scored, effective_weights, grain
from pulsescore.scoring.wording import NAMES, PART_NAMES, UNITS, cap_words, factor_words


@dataclass(frozen=True)
class FactorRow:
    """One factor of a score: its raw value, also in words, its value in [0, 1] and its points."""

    key: str
    name: str
    raw: float | None
    words: str
    unit: str
    value: float | None
    weight: float
    points: float
    points_lost: float


@dataclass(frozen=True)
class AdjustmentRow:
    """What an exception or an override did to a score, in whole points."""

    key: str
    name: str
    words: str
    points: int


def factor_rows(
    raws: Sequence[float],
    values: Sequence[float],
    config: Config,
    *,
    seen_days: float | None = None,
) -> list[FactorRow]:
    """The factors of a score in their order; a missing one has no value and weight 0."""
    if not len(values):
        raws = values = [math.nan] * len(FACTORS)
    weights = effective_weights(np.array([values], dtype=np.float64), config)[0].tolist()
    return [
        _row(key, raw, value, weight, seen_days=seen_days)
        for key, raw, value, weight in zip(FACTORS, raws, values, weights, strict=True)
    ]


def adjustment_rows(scored: Scored, *, said: str = "") -> list[AdjustmentRow]:
    """The exception that held the score down, and the override (`said` in words), if any."""
    rows = []
    cap = getattr(scored.config.exceptions, scored.cap) if scored.cap else None
    if scored.cap and cap is not None:
        words = cap_words(BEGINS[scored.cap], cap.begin, cap.at_most)
        rows.append(AdjustmentRow(scored.cap, PART_NAMES[scored.cap], words, scored.cap_points))
    if scored.is_overridden:
        rows.append(AdjustmentRow(OVERRIDE, PART_NAMES[OVERRIDE], said, scored.override_points))
    return rows


def rounding_of(score: int | None, rows: Sequence[FactorRow]) -> float:
    """What rounding added to the sum of the factors' points (less than a point).

    `score` is the one of the factors alone, before any exception or override.
    """
    return 0.0 if score is None else score - sum(row.points for row in rows)


def _row(
    key: str, raw: float, value: float, weight: float, *, seen_days: float | None
) -> FactorRow:
    missing = math.isnan(value)
    points = 0.0 if missing else grain(100 * weight * value)
    return FactorRow(
        key=key,
        name=NAMES[key],
        raw=None if missing else raw,
        words=factor_words(key, raw, seen_days=seen_days),
        unit=UNITS[key],
        value=None if missing else value,
        weight=weight,
        points=points,
        points_lost=grain(100 * weight) - points,
    )
