"""Shares of a whole as one bar: levels side by side. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulsescore.web.charts.levels import LEVELS


@dataclass(frozen=True)
class Share:
    """The part of a level, in the units of the bar's width."""

    level: str
    count: int
    x: float
    width: float


def shares(counts: Mapping[str, int], width: float = 100.0) -> list[Share]:
    """The part of each level that is present, from the left; together they fill the width."""
    total = sum(counts.get(level, 0) for level in LEVELS) or 1
    parts: list[Share] = []
    before = 0
    for level in LEVELS:
        count = counts.get(level, 0)
        left, right = width * before / total, width * (before + count) / total
        if count:
            parts.append(Share(level, count, round(left, 3), round(right - left, 3)))
        before += count
    return parts
