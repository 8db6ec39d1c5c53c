"""A value per day as a line: the score's history with its levels as bands, an average. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulsescore.web.charts.levels import Thresholds, level_of
from pulsescore.web.charts.line_shapes import (
    Band,
    DayValue,
    Dot,
    Stroke,
    area,
    bands,
    dots,
    level_axis,
    strokes,
)
from pulsescore.web.charts.plot import Frame, Point, Table, Tick, frame
from pulsescore.web.charts.ticks import full_day
from pulsescore.web.words import level_in_words

FULL = 100.0


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
        values=level_axis(scale, levels) if levels else values,
        days=scale.day_axis(),
        bands=bands(scale, levels) if levels else [],
        strokes=strokes(scale, history),
        area=area(scale, history) if filled else "",
        dots=dots(scale, history, levels),
        points=_points(scale, history, name=name, levels=levels, decimals=decimals),
        table=_table(history, name=name, levels=levels, decimals=decimals),
        words=_words(known, name=name, decimals=decimals),
    )


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


__all__ = ["Band", "DayValue", "Dot", "LineChart", "Stroke", "line_chart"]
