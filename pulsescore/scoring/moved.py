"""Pure: the parts that a score is made of, and which of them moved it by how many points.

Parts are the factors, an exception that holds the score down, and an override. Points are
multiples of 1/1024, which binary fractions hold exactly, so that sums are exact in any order and
any client. Between two scores the difference of their roundings is shared among the factors that
moved, in proportion, so that the changes sum to the change of the score exactly.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from pulsescore.scoring.config import FACTORS, Config
from pulsescore.scoring.exceptions import CAPS
from pulsescore.scoring.factors import Floats, weigh
from pulsescore.scoring.wording import PART_NAMES

OVERRIDE: Final = "override"
PARTS: Final = (*FACTORS, *CAPS, OVERRIDE)
_GRAIN = 1024.0


class Row(Protocol):
    """A stored score, or a point of history."""

    values: list[float]
    score: int | None
    cap: str | None
    computed_score: int | None
    override_id: int | None


@dataclass(frozen=True)
class Scored:
    """A score with everything it is made of.

    `cap` names the exception that held it down. `computed` is what the formula comes to, which is
    not the score where it is overridden.
    """

    values: Sequence[float]
    score: int | None
    config: Config
    cap: str | None = None
    is_overridden: bool = False
    computed: int | None = None

    @classmethod
    def of(cls, row: Row, config: Config) -> "Scored":
        """What a stored row tells, under the configuration that it names."""
        return cls(
            values=row.values,
            score=row.score,
            config=config,
            cap=row.cap,
            is_overridden=row.override_id is not None,
            computed=row.computed_score,
        )

    @property
    def by_formula(self) -> int | None:
        """The score of the formula and its exceptions, whatever was said instead."""
        return self.computed if self.is_overridden else self.score

    @property
    def by_factors(self) -> int | None:
        """The score of the factors alone, before an exception held it down."""
        if self.cap is None:
            return self.by_formula
        return int(weigh(np.array([self.values], dtype=np.float64), self.config)[0])

    @property
    def cap_points(self) -> int:
        """What the exception took: 0 or less."""
        return (self.by_formula or 0) - (self.by_factors or 0)

    @property
    def override_points(self) -> int:
        """What the override added, all of the score where there is none by the formula."""
        return (self.score or 0) - (self.by_formula or 0) if self.is_overridden else 0


@dataclass(frozen=True)
class FactorChange:
    """How many points a part moved the score between two instants."""

    key: str
    name: str
    points: float


def factor_changes(then: Scored, now: Scored) -> list[FactorChange]:
    """Points by which each part moved the score, the strongest first; they sum to its change.

    Empty where one of the two has no score.
    """
    if then.score is None or now.score is None:
        return []
    before, after = parts([then, now])
    moved = _reconcile(
        (after - before).tolist(), target=now.score - then.score, closest=_tiny(then, now)
    )
    changes = [
        FactorChange(key, PART_NAMES[key], points)
        for key, points in zip(PARTS, moved, strict=True)
        if points
    ]
    return sorted(changes, key=lambda change: -abs(change.points))


def main_causes(then: Sequence[Scored], now: Sequence[Scored]) -> list[str]:
    """For each pair the part that took most points between `then` and `now`."""
    taken = parts(now) - parts(then)
    return [PARTS[column] for column in taken.argmin(axis=1).tolist()]


def parts(rows: Sequence[Scored]) -> Floats:
    """Points of each part (in the order of `PARTS`) in each row."""
    points = np.zeros((len(rows), len(PARTS)))
    alike: dict[int, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if len(row.values):
            alike[id(row.config)].append(place)
        if row.cap is not None:
            points[place, PARTS.index(row.cap)] = row.cap_points
        points[place, PARTS.index(OVERRIDE)] = row.override_points
    for places in alike.values():
        values = np.array([rows[place].values for place in places], dtype=np.float64)
        points[places, : len(FACTORS)] = contributions(values, rows[places[0]].config)
    return points


def effective_weights(values: Floats, config: Config) -> Floats:
    """Weights of the factors present, rescaled to sum to 1 in each row; 0 where missing."""
    weights = np.array([config.weights[key] for key in FACTORS])
    present = np.where(np.isnan(values), 0.0, weights)
    total = present.sum(axis=1, keepdims=True)
    return np.asarray(present / np.where(total > 0, total, 1.0), dtype=np.float64)


def contributions(values: Floats, config: Config) -> Floats:
    """Points of each factor in each row."""
    return np.asarray(np.rint(_exact(values, config) * _GRAIN) / _GRAIN, dtype=np.float64)


def grain(points: float) -> float:
    """Points as the multiple of 1/1024 next to them."""
    return round(points * _GRAIN) / _GRAIN


def _exact(values: Floats, config: Config) -> Floats:
    points = 100.0 * effective_weights(values, config) * np.nan_to_num(values)
    return np.asarray(points, dtype=np.float64)


def _tiny(then: Scored, now: Scored) -> int:
    """The factor that moved most, however little that is."""
    both = [
        _exact(np.array([one.values or [np.nan] * len(FACTORS)], dtype=np.float64), one.config)[0]
        for one in (then, now)
    ]
    return int(np.abs(both[1] - both[0]).argmax())


def _reconcile(moved: list[float], *, target: int, closest: int) -> list[float]:
    """Share what rounding added among the factors that moved, so that all sums to the target.

    Where none moved by a grain, `closest` has all of it.
    """
    residual = target - sum(moved)
    if not residual:
        return moved
    factors = [abs(points) for points in moved[: len(FACTORS)]]
    travelled = sum(factors)
    shared = list(moved)
    if travelled:
        for place, points in enumerate(factors):
            shared[place] += grain(residual * points / travelled)
    strongest = factors.index(max(factors)) if travelled else closest
    shared[strongest] += target - sum(shared)
    return shared
