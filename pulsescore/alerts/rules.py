"""Pure: what a rule looks for, when it holds, and when it is clear of what it fired for.

Between the two lies a margin: whoever fired keeps holding until they have left it behind, so that
a score that trembles around a threshold fires once. Scores and raw values as scoring stores them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Protocol

# Points that a score must move beyond a threshold before the alert is over.
MARGIN: Final = 3
HIGHEST: Final = 100
# Raw values that are measured, not counted, must fall this far below what they reached.
FACTOR_MARGIN: Final = 0.1
COUNTED: Final = frozenset({"open_tickets", "reopen_rate"})
LEVELS: Final = ("red", "yellow", "green")


@dataclass(frozen=True)
class Bands:
    """The scores at which at risk and healthy begin."""

    yellow: float
    green: float

    def of(self, level: str) -> tuple[float, float]:
        """Where a level begins, and where the next one does."""
        return {
            "red": (0.0, self.yellow),
            "yellow": (self.yellow, self.green),
            "green": (self.green, math.inf),
        }[level]


@dataclass(frozen=True)
class Standing:
    """How a customer stands: score, level, raw values by factor; highest score by span of days."""

    score: int | None
    level: str | None
    raws: Mapping[str, float]
    peaks: Mapping[int, int] = field(default_factory=dict)


NOWHERE: Final = Standing(None, None, {})


class Condition(Protocol):
    """One kind of rule with its parameters."""

    def holds(self, standing: Standing, bands: Bands) -> bool:
        """Whether a customer who stands so is what the rule looks for."""

    def is_clear(self, standing: Standing, bands: Bands) -> bool:
        """Whether an alert about such a customer is over."""


@dataclass(frozen=True)
class LevelBecomes:
    """The risk level becomes this one; over when the score has left it by the margin."""

    level: str

    def holds(self, standing: Standing, bands: Bands) -> bool:
        """Whether the customer is in the level."""
        del bands
        return standing.level == self.level

    def is_clear(self, standing: Standing, bands: Bands) -> bool:
        """Whether the score is well outside."""
        if standing.score is None:
            return True
        if standing.level == self.level:
            return False
        begins, ends = bands.of(self.level)
        # A level that is not the score's own was set by a person, who needs no margin.
        is_set = begins <= standing.score < ends
        above = standing.score >= min(ends + MARGIN, HIGHEST)
        return is_set or above or standing.score < max(begins - MARGIN, 1)


@dataclass(frozen=True)
class ScoreBelow:
    """The score falls below this one; over when it is above by the margin."""

    score: int

    def holds(self, standing: Standing, bands: Bands) -> bool:
        """Whether the score is below."""
        del bands
        return standing.score is not None and standing.score < self.score

    def is_clear(self, standing: Standing, bands: Bands) -> bool:
        """Whether the score is well above, or gone."""
        del bands
        return standing.score is None or standing.score >= min(self.score + MARGIN, HIGHEST)


@dataclass(frozen=True)
class ScoreDrops:
    """The score is so many points below its highest within so many days."""

    points: int
    days: int

    def holds(self, standing: Standing, bands: Bands) -> bool:
        """Whether the drop is as large."""
        del bands
        return self._drop(standing) >= self.points

    def is_clear(self, standing: Standing, bands: Bands) -> bool:
        """Whether the drop became smaller by the margin, or too old."""
        del bands
        return self._drop(standing) < max(self.points - MARGIN, 1)

    def _drop(self, standing: Standing) -> int:
        if standing.score is None:
            return 0
        return standing.peaks.get(self.days, standing.score) - standing.score


@dataclass(frozen=True)
class FactorReaches:
    """A factor's raw value reaches this one (open tickets, days, hours, reopenings)."""

    factor: str
    value: float

    def holds(self, standing: Standing, bands: Bands) -> bool:
        """Whether it is reached; a factor that is not known reaches nothing."""
        del bands
        return standing.raws.get(self.factor, math.nan) >= self.value

    def is_clear(self, standing: Standing, bands: Bands) -> bool:
        """Whether it fell below: what is counted at all, what is measured by a tenth."""
        del bands
        return not standing.raws.get(self.factor, math.nan) >= self.lower_edge

    @property
    def lower_edge(self) -> float:
        """Below this the alert is over."""
        return self.value if self.factor in COUNTED else self.value * (1 - FACTOR_MARGIN)


class Verdict(Enum):
    """What one look at one customer comes to."""

    NOTHING = "nothing"
    FIRE = "fire"
    REOPEN = "reopen"
    RECOVER = "recover"


@dataclass(frozen=True)
class Past:
    """What a rule has told of a customer before: whether that still holds, and when it fired."""

    is_held: bool = False
    fired_at: datetime | None = None


def judge(
    condition: Condition,
    *,
    before: Standing,
    after: Standing,
    bands: Bands,
    past: Past,
    cooldown: timedelta,
    now: datetime,
) -> Verdict:
    """What follows from a customer who stood so before, and stands so now.

    A first score fires nothing: there is no crossing without a before. Who crosses again within the
    cooldown has the former alert reopened, and nobody is told again.
    """
    if past.is_held:
        return Verdict.RECOVER if condition.is_clear(after, bands) else Verdict.NOTHING
    if before.score is None or not condition.holds(after, bands) or condition.holds(before, bands):
        return Verdict.NOTHING
    if past.fired_at is not None and now - past.fired_at < cooldown:
        return Verdict.REOPEN
    return Verdict.FIRE
