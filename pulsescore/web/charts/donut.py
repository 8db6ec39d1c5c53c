"""Shares of a whole as slices of a ring. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi

from pulsescore.web.charts.levels import LEVELS

RADIUS = 74.0
CIRCUMFERENCE = 2 * pi * RADIUS
# Neighbouring slices are told apart by a gap, not by colour alone.
GAP = 3.0


@dataclass(frozen=True)
class Slice:
    """One part of a donut: a dash of the circle's outline, from `offset` on."""

    level: str
    count: int
    dash: str
    offset: float


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
