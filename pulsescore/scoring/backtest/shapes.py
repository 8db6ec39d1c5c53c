"""Pure: a stored result as pages and the API read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pulsescore.scoring.backtest.figures import Missed, Share

MIN_PERCENT: Final = 100


@dataclass(frozen=True)
class Horizon:
    """What scores said so many days before; without `auc`, too few outcomes could be looked at.

    `counts` are those of `plan.Left`; `compared` who stayed, and `stayers` all for whom they stand.
    """

    days: int
    counts: dict[str, int]
    compared: int
    stayers: int
    auc: float | None
    low: float | None
    high: float | None
    churn: float
    warned: int
    levels: list[Share]
    deciles: list[Share]
    missed: list[Missed]
    missed_count: int

    @property
    def tells(self) -> bool:
        """Whether the scores told better than chance, as far as the interval says."""
        return self.low is not None and self.low > 0.5  # noqa: PLR2004 (a coin)

    @property
    def pairs(self) -> int:
        """In how many of 100 pairs the one who left had the lower score."""
        return round(MIN_PERCENT * (self.auc or 0))


@dataclass(frozen=True)
class Suggestion:
    """Weights (per cent) that told better on customers they were not made from."""

    weights: dict[str, int]
    auc: float
    auc_present: float
    gain_low: float
    gain_high: float
    better: bool
    days: int


@dataclass(frozen=True)
class Result:
    """What a backtest found."""

    known_since: float
    horizons: list[Horizon]
    suggestion: Suggestion | None


def read_result(stored: Mapping[str, Any]) -> Result:
    """The stored JSON, typed."""
    suggestion = stored["suggestion"]
    return Result(
        known_since=stored["known_since"],
        horizons=[_horizon(one) for one in stored["horizons"]],
        suggestion=Suggestion(**suggestion) if suggestion else None,
    )


def _horizon(stored: Mapping[str, Any]) -> Horizon:
    parts = dict(stored)
    for name in ("levels", "deciles"):
        parts[name] = [Share(**one) for one in parts[name]]
    parts["missed"] = [Missed(**one) for one in parts["missed"]]
    return Horizon(**parts)
