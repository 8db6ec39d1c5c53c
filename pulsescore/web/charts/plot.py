"""What charts over time share: the frame they draw in, axes, points to visit, the table. Pure.

A plot is as wide as its place: x is told in per cent, y in pixels, so that text keeps its size at
every width. Paths stand in a coordinate system of `WIDTH` that is stretched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pulsescore.web.charts.ticks import day_ticks, short_day, value_ticks

WIDTH: Final = 1000.0
HEIGHT: Final = 184.0
# Air above the highest value, so that a line at the top is not cut in half.
TOP: Final = 8.0
_WHOLE: Final = 100.0


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: where, and what it says; a minor one gives way where it is narrow."""

    at: float
    label: str
    minor: bool = False


@dataclass(frozen=True)
class Point:
    """One day to visit by pointer or key: its place, its zone, its marks and what it tells."""

    x: float
    left: float
    width: float
    ys: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The same values as text, newest first."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Frame:
    """Scales of a plot: days across, values upwards."""

    days: tuple[date, ...]
    top: float

    def share(self, day: date) -> float:
        """How far across a day is, 0 to 1; a single day stands in the middle."""
        span = (self.days[-1] - self.days[0]).days
        return (day - self.days[0]).days / span if span else 0.5

    def x(self, day: date) -> float:
        """A day's place in the coordinate system of paths."""
        return round(self.share(day) * WIDTH, 2)

    def y(self, value: float) -> float:
        """A value's place, in pixels from the top."""
        inside = min(max(value / self.top, 0.0), 1.0) if self.top else 0.0
        return round(HEIGHT - inside * (HEIGHT - TOP), 2)

    def point(self, place: int, *, ys: Sequence[float], title: str, lines: Sequence[str]) -> Point:
        """The point of the day at `place`; its zone reaches half-way to its neighbours."""
        here = self.share(self.days[place])
        before = self.share(self.days[place - 1]) if place else -here
        last = place == len(self.days) - 1
        after = 2 - here if last else self.share(self.days[place + 1])
        left, right = (before + here) / 2, (here + after) / 2
        if len(self.days) == 1:
            left, right = 0.0, 1.0
        return Point(
            x=percent(here),
            left=percent(left),
            width=percent(right - left),
            ys=" ".join(f"{self.y(value):g}" for value in ys),
            title=title,
            lines=tuple(lines),
        )

    def value_axis(self, values: Sequence[float]) -> list[Tick]:
        """Labels beside the plot, from the bottom up."""
        return [Tick(self.y(value), compact(value)) for value in values]

    def day_axis(self) -> list[Tick]:
        """Labels beneath the plot; every second one gives way where it is narrow."""
        named = [day for day in day_ticks(self.days[0], self.days[-1]) if day >= self.days[0]]
        ticks: list[Tick] = []
        for place, day in enumerate(reversed(named)):
            at = percent(self.share(day))
            minor = bool(place % 2) and len(named) > 4  # noqa: PLR2004 (four fit on a phone)
            ticks.append(Tick(at, short_day(day), minor))
        return ticks[::-1]


def frame(days: Sequence[date], *, highest: float) -> tuple[Frame, list[Tick]]:
    """A frame that holds values up to `highest`, and its value axis."""
    values = value_ticks(highest)
    made = Frame(tuple(days), values[-1])
    return made, made.value_axis(values)


def percent(share: float) -> float:
    """A share as a percentage for an attribute."""
    return round(share * _WHOLE, 3)


def compact(value: float) -> str:
    """A number for a narrow place: 950, 1.2k, 34k, 1.5M."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if abs(value) >= size:
            return f"{value / size:.1f}".removesuffix(".0") + unit
    return f"{value:,.0f}"
