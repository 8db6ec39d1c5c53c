"""A word-sized line: how a value went, without axes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pulsescore.web.charts.paths import line_path, unbroken

WIDTH: Final = 96.0
HEIGHT: Final = 24.0
_INSET: Final = 3.0
Point = tuple[int, float]


@dataclass(frozen=True)
class Sparkline:
    """A line in a box of `WIDTH` by `HEIGHT`, its end marked, and the same in words."""

    d: str
    end: tuple[float, float]
    words: str
    width: float = WIDTH
    height: float = HEIGHT


def sparkline(
    values: Sequence[float | None], *, low: float | None = None, high: float | None = None
) -> Sparkline | None:
    """A line through the values, oldest first, gaps at None; None where nothing is known.

    `low` and `high` fix the scale, so that lines beside one another can be compared; otherwise
    the line fills its height.
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    bottom = min(known) if low is None else low
    top = max(known) if high is None else high
    across = _across(len(values))
    stretches = [
        [(across[place], _y(value, bottom, top)) for place, value in _turns(stretch)]
        for stretch in unbroken(
            [None if value is None else (place, value) for place, value in enumerate(values)]
        )
    ]
    drawn = "".join(line_path(stretch) for stretch in stretches if len(stretch) > 1)
    return Sparkline(drawn, stretches[-1][-1], _words(known))


def _turns(points: list[Point]) -> list[Point]:
    """The points that a line needs: none in the middle of a level stretch."""
    last = len(points) - 1
    return [
        point
        for place, point in enumerate(points)
        if place in {0, last} or not points[place - 1][1] == point[1] == points[place + 1][1]
    ]


@lru_cache(maxsize=64)
def _across(count: int) -> tuple[float, ...]:
    """Where so many values stand beside one another; a single one at the end."""
    steps = [place / (count - 1) for place in range(count)] if count > 1 else [1.0]
    return tuple(round(_INSET + step * (WIDTH - 2 * _INSET), 2) for step in steps)


def _y(value: float, bottom: float, top: float) -> float:
    share = (value - bottom) / (top - bottom) if top > bottom else 0.5
    inside = min(max(share, 0.0), 1.0)
    return round(HEIGHT - _INSET - inside * (HEIGHT - 2 * _INSET), 2)


def _words(known: Sequence[float]) -> str:
    if len(known) == 1:
        return f"{known[0]:g}"
    return f"from {known[0]:g} to {known[-1]:g}, lowest {min(known):g}, highest {max(known):g}"
