"""How many customers have which score: bars of equal width over 0 to 100. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from pulsescore.web.charts.levels import level_of
from pulsescore.web.charts.plot import Table, compact
from pulsescore.web.words import plural

BASELINE: Final = 184.0
TALLEST: Final = 156.0
# Of each step, in per cent of it; the rest is the gap to the next bar.
_FILLED: Final = 0.84
# A bar of one customer among thousands is still to be seen.
_LEAST: Final = 2.0
_LABEL_GAP: Final = 7.0


@dataclass(frozen=True)
class Bar:
    """One bar: scores `first` to `last` inclusive. x is in per cent, y in pixels."""

    first: int
    last: int
    count: int
    level: str
    x: float
    y: float
    width: float
    height: float
    zone: float
    zone_width: float

    @property
    def centre(self) -> float:
        """Where the label stands."""
        return round(self.x + self.width / 2, 3)

    @property
    def label_y(self) -> float:
        """Just above the bar."""
        return round(self.y - _LABEL_GAP, 2)

    @property
    def label(self) -> str:
        """The count, short enough for the bar's width."""
        return compact(self.count)


@dataclass(frozen=True)
class Range:
    """The whole scores of a level, both ends included."""

    level: str
    first: int
    last: int


@dataclass(frozen=True)
class Histogram:
    """A histogram, ready to be drawn; the legend says which scores a colour stands for."""

    bars: list[Bar]
    legend: list[Range]
    table: Table
    words: str


def histogram(counts: Sequence[int], *, yellow: float, green: float) -> Histogram | None:
    """Bars coloured by the level of each bin's middle; None where nobody is counted."""
    if not sum(counts):
        return None
    bars = _bars(counts, yellow=yellow, green=green)
    fullest = max(bars, key=lambda bar: bar.count)
    rows = [(f"{bar.first} to {bar.last}", f"{bar.count:,}") for bar in bars]
    return Histogram(
        bars,
        _ranges(ceil(yellow), ceil(green)),
        Table(("Scores", "Customers"), rows),
        f"{plural(sum(counts), 'customer')}; most, {fullest.count:,}, "
        f"have a score from {fullest.first} to {fullest.last}",
    )


def _ranges(yellow: int, green: int) -> list[Range]:
    ranges = (
        Range("green", green, 100),
        Range("yellow", yellow, green - 1),
        Range("red", 0, yellow - 1),
    )
    return [one for one in ranges if one.first <= one.last]


def _bars(counts: Sequence[int], *, yellow: float, green: float) -> list[Bar]:
    step = 100 / len(counts)
    size = 100 // len(counts)
    tallest = max(counts)
    bars: list[Bar] = []
    for place, count in enumerate(counts):
        height = max(count / tallest * TALLEST, _LEAST) if count else 0.0
        first, last = place * size, place * size + size - 1
        bars.append(
            Bar(
                first=first,
                last=100 if place == len(counts) - 1 else last,
                count=count,
                level=level_of((first + last) / 2, yellow=yellow, green=green),
                x=round(place * step + step * (1 - _FILLED) / 2, 3),
                y=round(BASELINE - height, 2),
                width=round(step * _FILLED, 3),
                height=round(height, 2),
                zone=round(place * step, 3),
                zone_width=round(step, 3),
            )
        )
    return bars
