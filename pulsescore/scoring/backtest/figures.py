"""Pure: churn by level and by tenth of the scores, and who left though healthy."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pulsescore.scoring.backtest.plan import Sample
from pulsescore.scoring.factors import LEVELS, Floats, Outcome

MOST_MISSED: Final = 200
TENTHS: Final = 10
_WARNED: Final = ("red", "yellow")


class Share(NamedTuple):
    """Customers of a level or a tenth: how many left, what share of all they are, who left of 100.

    `lift` is how many times the organization's own rate that is.
    """

    name: str
    low: int
    high: int
    left: int
    share: float
    churn: float
    lift: float


class Missed(NamedTuple):
    """Somebody who was healthy and left; `at` and `left_at` are Unix seconds."""

    customer_id: int
    score: int
    at: float
    left_at: float


@dataclass(frozen=True)
class Figures:
    """What the scores of one horizon said."""

    churn: float
    warned: int
    levels: list[Share]
    tenths: list[Share]
    missed: list[Missed]
    missed_count: int

    def as_json(self) -> dict[str, Any]:
        """The part of a stored result."""
        return {
            "churn": self.churn,
            "warned": self.warned,
            "levels": [share._asdict() for share in self.levels],
            "deciles": [share._asdict() for share in self.tenths],
            "missed": [one._asdict() for one in self.missed],
            "missed_count": self.missed_count,
        }


def weights_of(sample: Sample) -> Floats:
    """How many customers each row of the sample stands for, of those who left and who stayed."""
    left = int(sample.left.sum())
    stayed = len(sample.left) - left
    return np.where(sample.left, sample.leavers / max(left, 1), sample.stayers / max(stayed, 1))


def summarize(sample: Sample, outcome: Outcome, *, horizon_secs: float) -> Figures:
    """The figures of scores that were replayed for a sample."""
    weights = weights_of(sample)
    levels = np.array([LEVELS[one] or "" for one in outcome.levels.tolist()])
    tenth = _tenths(outcome.scores.astype(np.float64), weights)
    by = _Shares(sample.left, weights, outcome.scores)
    missed = np.flatnonzero(sample.left & (levels == "green"))
    highest_first = missed[np.argsort(-outcome.scores[missed], kind="stable")]
    return Figures(
        churn=by.rate(np.ones(len(weights), dtype=np.bool_)),
        warned=int((sample.left & np.isin(levels, _WARNED)).sum()),
        levels=[by.of(name, levels == name) for name in ("red", "yellow", "green")],
        tenths=[by.of(str(one + 1), tenth == one) for one in range(TENTHS)],
        missed=[
            Missed(
                int(sample.customer_ids[row]),
                int(outcome.scores[row]),
                float(sample.at[row]),
                float(sample.at[row]) + horizon_secs,
            )
            for row in highest_first[:MOST_MISSED].tolist()
        ],
        missed_count=len(missed),
    )


class _Shares:
    """Counts some rows of a sample against all of them."""

    def __init__(self, left: NDArray[np.bool_], weights: Floats, scores: NDArray[np.int16]) -> None:
        self._left, self._weights, self._scores = left, weights, scores

    def rate(self, rows: NDArray[np.bool_]) -> float:
        whole = float(self._weights[rows].sum())
        return float(self._weights[rows & self._left].sum()) / whole if whole else 0.0

    def of(self, name: str, rows: NDArray[np.bool_]) -> Share:
        churn = self.rate(rows)
        everybody = self.rate(np.ones(len(rows), dtype=np.bool_))
        scores = self._scores[rows]
        return Share(
            name=name,
            low=int(scores.min(initial=101)) if len(scores) else 0,
            high=int(scores.max(initial=-1)) if len(scores) else 0,
            left=int((rows & self._left).sum()),
            share=float(self._weights[rows].sum() / self._weights.sum()),
            churn=churn,
            lift=churn / everybody if everybody else 0.0,
        )


def _tenths(scores: Floats, weights: Floats) -> NDArray[np.int64]:
    """0 for the tenth of customers with the lowest scores; equal scores stay together."""
    values, place = np.unique(scores, return_inverse=True)
    amount = np.bincount(place, weights=weights, minlength=len(values))
    middle = np.cumsum(amount) - amount / 2
    return np.asarray(np.minimum(TENTHS * middle / amount.sum(), TENTHS - 1), dtype=np.int64)[place]
