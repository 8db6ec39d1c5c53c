"""Counts by name as horizontal bars, the longest as wide as the place. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class BarRow:
    """One bar: its name, count, share of the total, length in per cent, and where it leads."""

    name: str
    count: int
    share: float
    length: float
    href: str = ""
    level: str = ""


def bar_rows(counts: Iterable[tuple[str, int, str]]) -> list[BarRow]:
    """Bars of (name, count, address), in the order given; a count above nothing is to be seen."""
    given = list(counts)
    longest = max((count for _name, count, _href in given), default=0) or 1
    total = sum(count for _name, count, _href in given) or 1
    return [
        BarRow(
            name,
            count,
            count / total,
            max(round(100 * count / longest, 2), 1.0) if count else 0.0,
            href,
        )
        for name, count, href in given
    ]
