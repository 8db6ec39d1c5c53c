"""What moved a score, in words whose points add up. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from pulsescore.scoring.config_words import half_words
from pulsescore.scoring.explain import FactorRow
from pulsescore.scoring.factors import GRACE_DAYS
from pulsescore.scoring.moved import FactorChange
from pulsescore.scoring.queries import Moved
from pulsescore.web.charts.factor_curve import FactorCurve, factor_curve
from pulsescore.web.customers.doors import MOVED, Door
from pulsescore.web.customers.points import adding_up
from pulsescore.web.words import level_in_words, plural

_SLACK = timedelta(hours=36)


class Part(NamedTuple):
    """A factor's part in a change, in points to one decimal."""

    name: str
    points: float


@dataclass(frozen=True)
class Line:
    """A factor as the page shows it; points to one decimal, adding up down the column."""

    row: FactorRow
    door: Door | None
    points: float
    half: float = 1.0

    @property
    def curve(self) -> FactorCurve | None:
        """The factor's curve with the customer's place on it; none where it is missing."""
        if self.row.raw is None:
            return None
        grace = GRACE_DAYS if self.row.key == "support_recency" else 0.0
        return factor_curve(half=self.half, x=self.row.raw - grace)

    @property
    def half_words(self) -> str:
        """Where the factor is worth half: "half the points at 2 open tickets"."""
        return half_words(self.row.key, self.half)

    @property
    def most(self) -> float:
        """The points that the factor could give."""
        return self.row.points + self.row.points_lost

    @property
    def lost(self) -> float:
        """The points that it costs."""
        return round(self.most - self.points, 1)


def parts_of(changes: Sequence[FactorChange], *, total: int) -> list[Part]:
    """Each factor's part in a change of the score, summing to it; parts of nothing are left out."""
    shown = adding_up([change.points for change in changes], total=total)
    parts = [Part(MOVED[change.key], points) for change, points in zip(changes, shown, strict=True)]
    return [part for part in parts if part.points]


def lines_of(
    rows: Sequence[FactorRow], doors: dict[str, Door | None], *, halves: Mapping[str, float]
) -> list[Line]:
    """Factors with points to one decimal that sum to what their exact points sum to."""
    points = [row.points for row in rows]
    shown = adding_up(points, total=sum(points))
    return [
        Line(row, doors.get(row.key), tenth if row.value is not None else 0.0, halves[row.key])
        for row, tenth in zip(rows, shown, strict=True)
    ]


def span_in_words(moved: Moved, *, wanted: timedelta, now: datetime) -> str:
    """Since when: "in 7 days", or since the first score where history is shorter."""
    if now - moved.since + _SLACK < wanted:
        return f"since the first score {plural((now - moved.since).days, 'day')} ago"
    return "in 24 hours" if wanted == timedelta(days=1) else f"in {wanted.days} days"


def headline(moved: Moved, *, wanted: timedelta, now: datetime) -> str:
    """The change in a few words: "Down 24 in 7 days, from 55, At risk"."""
    span = span_in_words(moved, wanted=wanted, now=now)
    if moved.by is None:
        return "No score to compare with"
    if not moved.by:
        return f"Unchanged {span}"
    way = "Down" if moved.by < 0 else "Up"
    was = f", from {moved.score_then}"
    if moved.level_then != moved.level_now:
        was += f", {level_in_words(moved.level_then)}"
    return f"{way} {abs(moved.by)} {span}{was}"


def turn_in_words(turn: Moved) -> str:
    """A change worth telling: "At risk → Critical, 52 → 31: reopened tickets −9, …"."""
    levels = (level_in_words(turn.level_then), level_in_words(turn.level_now))
    then = "none" if turn.score_then is None else str(turn.score_then)
    now = "none" if turn.score_now is None else str(turn.score_now)
    what = f"{levels[0]} → {levels[1]}, " if levels[0] != levels[1] else ""
    return f"{what}{then} → {now}{_over(turn)}"


def _over(turn: Moved) -> str:
    if turn.by is None:
        return ""
    whole = [(part.name, round(part.points)) for part in parts_of(turn.changes, total=turn.by)]
    told = [f"{name} {'+' if points > 0 else '−'}{abs(points)}" for name, points in whole if points]
    return f": {', '.join(told[:3])}" if told else ""
