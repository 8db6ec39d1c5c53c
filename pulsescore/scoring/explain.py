"""Pure: what each factor contributes to a score, and which factors moved it.

Points are multiples of 1/1024, which binary fractions hold exactly, so that sums are exact in any
order and any client. The factors' points sum to the score before rounding; `rounding` is what is
between that and the score. Between two scores the difference of the roundings is shared among the
factors that moved, in proportion, so that the changes sum to the change of the score exactly.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pulsescore.scoring.config import FACTORS, Config
from pulsescore.scoring.factors import Floats
from pulsescore.scoring.wording import NAMES, UNITS, factor_words

_GRAIN = 1024.0


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
class FactorChange:
    """How many points a factor moved the score between two instants."""

    key: str
    name: str
    points: float


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


def rounding_of(score: int | None, rows: Sequence[FactorRow]) -> float:
    """What rounding added to the sum of the factors' points (less than a point)."""
    return 0.0 if score is None else score - sum(row.points for row in rows)


def factor_changes(
    *,
    then: Sequence[float],
    score_then: int | None,
    config_then: Config,
    now: Sequence[float],
    score_now: int | None,
    config_now: Config,
) -> list[FactorChange]:
    """Points by which each factor moved the score, the strongest first; they sum to its change.

    Empty where one of the two has no score. `then` and `now` are the factors' values.
    """
    if score_then is None or score_now is None:
        return []
    before = contributions(np.array([then], dtype=np.float64), config_then)[0]
    after = contributions(np.array([now], dtype=np.float64), config_now)[0]
    moved = _reconcile((after - before).tolist(), target=score_now - score_then)
    changes = [
        FactorChange(key, NAMES[key], points)
        for key, points in zip(FACTORS, moved, strict=True)
        if points
    ]
    return sorted(changes, key=lambda change: -abs(change.points))


def effective_weights(values: Floats, config: Config) -> Floats:
    """Weights of the factors present, rescaled to sum to 1 in each row; 0 where missing."""
    weights = np.array([config.weights[key] for key in FACTORS])
    present = np.where(np.isnan(values), 0.0, weights)
    total = present.sum(axis=1, keepdims=True)
    return np.asarray(present / np.where(total > 0, total, 1.0), dtype=np.float64)


def contributions(values: Floats, config: Config) -> Floats:
    """Points of each factor in each row."""
    points = 100.0 * effective_weights(values, config) * np.nan_to_num(values)
    return np.asarray(np.rint(points * _GRAIN) / _GRAIN, dtype=np.float64)


def main_causes(
    *,
    then: Floats,
    now: Floats,
    versions_then: Sequence[int],
    versions_now: Sequence[int],
    configs: Mapping[int, Config],
) -> list[str]:
    """For each row the factor that took most points between `then` and `now`."""
    before = _contributions_by_version(then, versions_then, configs)
    after = _contributions_by_version(now, versions_now, configs)
    return [FACTORS[column] for column in (after - before).argmin(axis=1).tolist()]


def _contributions_by_version(
    values: Floats, versions: Sequence[int], configs: Mapping[int, Config]
) -> Floats:
    points = np.empty_like(values)
    each = np.array(versions)
    for version in set(versions):
        points[each == version] = contributions(values[each == version], configs[version])
    return points


def _row(
    key: str, raw: float, value: float, weight: float, *, seen_days: float | None
) -> FactorRow:
    missing = math.isnan(value)
    points = 0.0 if missing else _grain(100 * weight * value)
    return FactorRow(
        key=key,
        name=NAMES[key],
        raw=None if missing else raw,
        words=factor_words(key, raw, seen_days=seen_days),
        unit=UNITS[key],
        value=None if missing else value,
        weight=weight,
        points=points,
        points_lost=_grain(100 * weight) - points,
    )


def _reconcile(moved: list[float], *, target: int) -> list[float]:
    """Share what rounding added among the factors that moved, so that they sum to the target."""
    residual = target - sum(moved)
    travelled = sum(abs(points) for points in moved)
    if not residual or not travelled:
        return moved
    shared = [points + _grain(residual * abs(points) / travelled) for points in moved]
    strongest = max(range(len(moved)), key=lambda place: abs(moved[place]))
    shared[strongest] += target - sum(shared)
    return shared


def _grain(points: float) -> float:
    return round(points * _GRAIN) / _GRAIN
