"""The geometry of charts drawn on the server: donut and histogram. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import pi

LEVELS = ("green", "yellow", "red", "none")
RADIUS = 56.0
CIRCUMFERENCE = 2 * pi * RADIUS
# Neighbouring slices are told apart by a gap, not by colour alone.
GAP = 2.0

WIDTH, HEIGHT = 520, 190
BASELINE = 164
TALLEST = 136


@dataclass(frozen=True)
class Slice:
    """One part of a donut: a dash of the circle's outline, from `offset` on."""

    level: str
    count: int
    dash: str
    offset: float


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram of scores, `first` to `last` inclusive."""

    first: int
    last: int
    count: int
    level: str
    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> float:
        """Where the label stands."""
        return self.x + self.width / 2

    @property
    def label_y(self) -> float:
        """Just above the bar."""
        return self.y - 6


def donut(counts: Mapping[str, int]) -> list[Slice]:
    """The slices of a donut, clockwise from the top; empty levels have none."""
    total = sum(counts.get(level, 0) for level in LEVELS)
    present = [level for level in LEVELS if counts.get(level)]
    slices: list[Slice] = []
    start = 0.0
    for level in present:
        length = CIRCUMFERENCE * counts[level] / total
        gap = GAP if len(present) > 1 else 0.0
        drawn = max(length - gap, 1.0)
        dash = f"{drawn:.2f} {CIRCUMFERENCE - drawn:.2f}"
        slices.append(Slice(level, counts[level], dash, round(-start, 2)))
        start += length
    return slices


def histogram(counts: Sequence[int], *, yellow: float, green: float) -> list[Bar]:
    """Bars of equal width over 0 to 100, coloured by the level of each bin's middle."""
    tallest = max([*counts, 1])
    step = WIDTH / max(len(counts), 1)
    size = 100 // max(len(counts), 1)
    bars: list[Bar] = []
    for index, count in enumerate(counts):
        # A bar of one customer among thousands is still to be seen.
        height = max(count / tallest * TALLEST, 2.0) if count else 0.0
        first, last = index * size, index * size + size - 1
        bars.append(
            Bar(
                first=first,
                last=100 if index == len(counts) - 1 else last,
                count=count,
                level=level_of((first + last) / 2, yellow=yellow, green=green),
                x=round(index * step + 3, 1),
                y=round(BASELINE - height, 1),
                width=round(step - 6, 1),
                height=round(height, 1),
            )
        )
    return bars


def level_of(score: float, *, yellow: float, green: float) -> str:
    """The risk level of a score."""
    if score >= green:
        return "green"
    return "yellow" if score >= yellow else "red"


def shares(counts: Mapping[str, int], width: float = 100.0) -> list[tuple[str, int, float, float]]:
    """A bar of stacked shares: (level, count, x, width) of each level present."""
    total = sum(counts.get(level, 0) for level in LEVELS) or 1
    parts: list[tuple[str, int, float, float]] = []
    x = 0.0
    for level in LEVELS:
        share = width * counts.get(level, 0) / total
        if share:
            parts.append((level, counts[level], round(x, 3), round(share, 3)))
        x += share
    return parts
