"""The shapes of a line chart: strokes with gaps, bands, dots where levels change. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from pulsescore.web.charts.levels import Thresholds, level_of
from pulsescore.web.charts.paths import Place, area_path, line_path, unbroken
from pulsescore.web.charts.plot import HEIGHT, TOP, Frame, Tick, percent
from pulsescore.web.charts.ticks import apart

# Closer than a line of text, two labels of an axis would overlap.
_LABEL_PX = 16.0


class DayValue(NamedTuple):
    """The value at the end of a day; `tentative` where it was worked out afterwards.

    A day with a `note` is marked and tells it.
    """

    on: date
    value: float | None
    tentative: bool = False
    note: str = ""


@dataclass(frozen=True)
class Stroke:
    """A stretch of the line."""

    d: str
    dashed: bool


@dataclass(frozen=True)
class Band:
    """The part of the plot that belongs to a level."""

    level: str
    y: float
    height: float

    @property
    def middle(self) -> float:
        """Where its name stands."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Dot:
    """A day worth marking: the level changed, or the value stands alone."""

    x: float
    y: float
    level: str


def level_axis(scale: Frame, levels: Thresholds) -> list[Tick]:
    """The limits between levels are what one wants to read off."""
    wanted = [0.0, levels.yellow, levels.green, scale.top]
    inner = [
        value
        for value in wanted[1:-1]
        if apart([scale.y(0), scale.y(value), scale.y(scale.top)], least=_LABEL_PX)
    ]
    if not apart([scale.y(value) for value in inner], least=_LABEL_PX):
        inner = inner[-1:]
    return scale.value_axis([wanted[0], *inner, wanted[-1]])


def bands(scale: Frame, levels: Thresholds) -> list[Band]:
    """The levels from the bottom up; one without room has none."""
    edges = (0.0, levels.yellow, levels.green, scale.top)
    ys = [HEIGHT, *(scale.y(edge) for edge in edges[1:3]), TOP]
    return [
        Band(level, upper, round(lower - upper, 2))
        for level, (lower, upper) in zip(("red", "yellow", "green"), pairwise(ys), strict=True)
        if lower > upper
    ]


def strokes(scale: Frame, history: Sequence[DayValue]) -> list[Stroke]:
    """Stretches between gaps, cut where the line turns from worked out to observed."""
    found: list[Stroke] = []
    for stretch in unbroken(day if day.value is not None else None for day in history):
        places = [_place(scale, day) for day in stretch]
        begin = 0
        for end in range(1, len(stretch)):
            last = end == len(stretch) - 1
            if last or stretch[end + 1].tentative != stretch[end].tentative:
                drawn = line_path(places[begin : end + 1])
                found.append(Stroke(drawn, stretch[end].tentative))
                begin = end
    return found


def area(scale: Frame, history: Sequence[DayValue]) -> str:
    """What lies under the line."""
    parts: list[str] = []
    for stretch in unbroken(day if day.value is not None else None for day in history):
        upper = [_place(scale, day) for day in stretch]
        parts.append(area_path(upper, [(x, HEIGHT) for x, _y in upper]))
    return "".join(parts)


def _place(scale: Frame, day: DayValue) -> Place:
    return scale.x(day.on), scale.y(day.value or 0.0)


def dots(scale: Frame, history: Sequence[DayValue], levels: Thresholds | None) -> list[Dot]:
    """The days worth marking: a change of level, a value alone, a note."""
    marked = _alone(history) | (_turns(history, levels) if levels else set())
    marked |= {place for place, day in enumerate(history) if day.note}
    return [
        Dot(
            percent(scale.share(history[place].on)),
            scale.y(value),
            level_of(value, **levels._asdict()) if levels else "",
        )
        for place in sorted(marked)
        if (value := history[place].value) is not None
    ]


def _alone(history: Sequence[DayValue]) -> set[int]:
    """Days that no line reaches: they would not be seen."""
    padded = [None, *(day.value for day in history), None]
    return {
        place
        for place, (before, here, after) in enumerate(
            zip(padded, padded[1:], padded[2:], strict=False)
        )
        if here is not None and before is None and after is None
    }


def _turns(history: Sequence[DayValue], levels: Thresholds) -> set[int]:
    turns: set[int] = set()
    before: str | None = None
    for place, day in enumerate(history):
        if day.value is None:
            continue
        here = level_of(day.value, **levels._asdict())
        if before not in (None, here):
            turns.add(place)
        before = here
    return turns
