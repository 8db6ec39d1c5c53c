"""A value per day as a line: the score's history with its levels as bands, an average. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from pulsescore.web.charts.levels import Thresholds, level_of
from pulsescore.web.charts.paths import Place, area_path, line_path, unbroken
from pulsescore.web.charts.plot import HEIGHT, TOP, WIDTH, Frame, Point, Table, Tick, frame, percent
from pulsescore.web.charts.ticks import apart, full_day
from pulsescore.web.words import level_in_words

FULL = 100.0
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


@dataclass(frozen=True)
class LineChart:
    """A line chart, ready to be drawn."""

    values: list[Tick]
    days: list[Tick]
    bands: list[Band]
    strokes: list[Stroke]
    area: str
    dots: list[Dot]
    points: list[Point]
    table: Table
    words: str

    @property
    def tentative(self) -> bool:
        """Whether a part of the line is dashed."""
        return any(stroke.dashed for stroke in self.strokes)


def line_chart(
    history: Sequence[DayValue],
    *,
    name: str,
    levels: Thresholds | None = None,
    highest: float | None = FULL,
    decimals: int = 0,
    filled: bool = False,
) -> LineChart | None:
    """A line over days, oldest first; gaps where a day has no value.

    With `levels` the plot shows their bands and marks each change of level. `highest` is the top
    of the axis, or None to take it from the values. None where no day has a value.
    """
    known = [day for day in history if day.value is not None]
    if not known:
        return None
    days = [day.on for day in history]
    top = highest if highest is not None else max(day.value or 0 for day in known)
    scale, values = frame(days, highest=top)
    return LineChart(
        values=_level_axis(scale, levels) if levels else values,
        days=scale.day_axis(),
        bands=_bands(scale, levels) if levels else [],
        strokes=_strokes(scale, history),
        area=_area(scale, history) if filled else "",
        dots=_dots(scale, history, levels),
        points=_points(scale, history, name=name, levels=levels, decimals=decimals),
        table=_table(history, name=name, levels=levels, decimals=decimals),
        words=_words(known, name=name, decimals=decimals),
    )


def _level_axis(scale: Frame, levels: Thresholds) -> list[Tick]:
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


def _bands(scale: Frame, levels: Thresholds) -> list[Band]:
    edges = (0.0, levels.yellow, levels.green, scale.top)
    ys = [HEIGHT, *(scale.y(edge) for edge in edges[1:3]), TOP]
    return [
        Band(level, upper, round(lower - upper, 2))
        for level, (lower, upper) in zip(("red", "yellow", "green"), pairwise(ys), strict=True)
        if lower > upper
    ]


def _strokes(scale: Frame, history: Sequence[DayValue]) -> list[Stroke]:
    """Stretches between gaps, cut where the line turns from worked out to observed."""
    strokes: list[Stroke] = []
    for stretch in unbroken(day if day.value is not None else None for day in history):
        places = [_place(scale, day) for day in stretch]
        begin = 0
        for end in range(1, len(stretch)):
            last = end == len(stretch) - 1
            if last or stretch[end + 1].tentative != stretch[end].tentative:
                drawn = line_path(places[begin : end + 1])
                strokes.append(Stroke(drawn, stretch[end].tentative))
                begin = end
    return strokes


def _area(scale: Frame, history: Sequence[DayValue]) -> str:
    parts: list[str] = []
    for stretch in unbroken(day if day.value is not None else None for day in history):
        upper = [_place(scale, day) for day in stretch]
        parts.append(area_path(upper, [(x, HEIGHT) for x, _y in upper]))
    return "".join(parts)


def _place(scale: Frame, day: DayValue) -> Place:
    return scale.x(day.on), scale.y(day.value or 0.0)


def _dots(scale: Frame, history: Sequence[DayValue], levels: Thresholds | None) -> list[Dot]:
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


def _points(
    scale: Frame,
    history: Sequence[DayValue],
    *,
    name: str,
    levels: Thresholds | None,
    decimals: int,
) -> list[Point]:
    return [
        scale.point(
            place,
            ys=[] if day.value is None else [day.value],
            title=full_day(day.on),
            lines=[f"{name} {_told(day, levels, decimals)}", *([day.note] if day.note else [])],
        )
        for place, day in enumerate(history)
    ]


def _told(day: DayValue, levels: Thresholds | None, decimals: int) -> str:
    if day.value is None:
        return "none"
    level = f" · {_level(day, levels)}" if levels else ""
    return f"{day.value:,.{decimals}f}{level}{', reconstructed' if day.tentative else ''}"


def _level(day: DayValue, levels: Thresholds) -> str:
    return level_in_words(None if day.value is None else level_of(day.value, **levels._asdict()))


def _table(
    history: Sequence[DayValue], *, name: str, levels: Thresholds | None, decimals: int
) -> Table:
    rows = [
        (
            full_day(day.on),
            "none" if day.value is None else f"{day.value:,.{decimals}f}",
            *([_level(day, levels)] if levels else []),
        )
        for day in reversed(history)
    ]
    return Table(("Day", name, *(["Level"] if levels else [])), rows)


def _words(known: Sequence[DayValue], *, name: str, decimals: int) -> str:
    values = [day.value or 0.0 for day in known]
    if len(known) == 1:
        return f"{name} {values[0]:,.{decimals}f} on {full_day(known[0].on)}"
    return (
        f"{name} from {values[0]:,.{decimals}f} on {full_day(known[0].on)} "
        f"to {values[-1]:,.{decimals}f} on {full_day(known[-1].on)}, "
        f"lowest {min(values):,.{decimals}f}, highest {max(values):,.{decimals}f}"
    )


__all__ = ["WIDTH", "Band", "DayValue", "Dot", "LineChart", "Stroke", "line_chart"]
