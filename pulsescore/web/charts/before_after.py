"""Two histograms of the same customers in one: how scores are, and how they would be. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pulsescore.web.charts.levels import level_of
from pulsescore.web.charts.plot import Table

BASELINE: Final = 132.0
TALLEST: Final = 120.0
# Of each step, in per cent of it, for either bar; the rest is the gap to the next pair.
_FILLED: Final = 0.4
# A bar of one customer among thousands is still to be seen.
_LEAST: Final = 2.0


@dataclass(frozen=True)
class Pair:
    """The two bars of scores `first` to `last` inclusive. x is in per cent, y in pixels."""

    first: int
    last: int
    before: int
    after: int
    level: str
    zone: float
    zone_width: float
    x_before: float
    x_after: float
    width: float
    y_before: float
    y_after: float

    @property
    def centre(self) -> float:
        """Where the label stands."""
        return round(self.zone + self.zone_width / 2, 3)

    @property
    def height_before(self) -> float:
        """Of the bar for what is."""
        return round(BASELINE - self.y_before, 2)

    @property
    def height_after(self) -> float:
        """Of the bar for what would be."""
        return round(BASELINE - self.y_after, 2)


@dataclass(frozen=True)
class BeforeAfter:
    """Pairs of bars, ready to be drawn."""

    pairs: list[Pair]
    table: Table
    words: str


def before_after(
    bins: Sequence[tuple[int, int, int, int]], *, yellow: float, green: float
) -> BeforeAfter | None:
    """Pairs of (first score, last score, before, after); None where nobody has a score.

    The bars of what would be are coloured by the level of their middle under the new thresholds.
    """
    tallest = max((max(before, after) for _first, _last, before, after in bins), default=0)
    if not tallest:
        return None
    step = 100 / len(bins)
    pairs = [
        Pair(
            first=first,
            last=last,
            before=before,
            after=after,
            level=level_of((first + last) / 2, yellow=yellow, green=green),
            zone=round(place * step, 3),
            zone_width=round(step, 3),
            x_before=round((place + 0.5 - _FILLED) * step, 3),
            x_after=round((place + 0.5) * step, 3),
            width=round(_FILLED * step, 3),
            y_before=_top(before, tallest),
            y_after=_top(after, tallest),
        )
        for place, (first, last, before, after) in enumerate(bins)
    ]
    rows = [(f"{one.first} to {one.last}", f"{one.before:,}", f"{one.after:,}") for one in pairs]
    was = max(pairs, key=lambda one: one.before)
    will = max(pairs, key=lambda one: one.after)
    return BeforeAfter(
        pairs,
        Table(("Scores", "Before", "After"), rows),
        f"before, most have a score from {was.first} to {was.last}; "
        f"after, from {will.first} to {will.last}",
    )


def _top(count: int, tallest: int) -> float:
    height = max(count / tallest * TALLEST, _LEAST) if count else 0.0
    return round(BASELINE - height, 2)
