"""Counts per day stacked upon one another: how many stand at each level. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from pulsescore.web.charts.paths import Place, area_path, line_path
from pulsescore.web.charts.plot import WIDTH, Frame, Point, Table, Tick, frame
from pulsescore.web.charts.ticks import full_day


@dataclass(frozen=True)
class Series:
    """One layer: its key names its colour (`green`, `yellow`, `red`, `none`), its counts by day."""

    key: str
    name: str
    counts: tuple[int, ...]
    href: str = ""

    @property
    def now(self) -> int:
        """The newest count."""
        return self.counts[-1]


@dataclass(frozen=True)
class Layer:
    """A layer ready to be drawn: its area, and its upper edge."""

    key: str
    d: str
    edge: str


@dataclass(frozen=True)
class AreaChart:
    """A stacked area chart, ready to be drawn; `legend` runs from the top layer down."""

    values: list[Tick]
    days: list[Tick]
    layers: list[Layer]
    points: list[Point]
    legend: list[Series]
    table: Table
    words: str


def area_chart(days: Sequence[date], series: Sequence[Series]) -> AreaChart | None:
    """Layers from the bottom up, each with a count for every day, oldest first; None without days.

    The layers of a day add up to its total.
    """
    if not days or not series:
        return None
    sums = [
        list(accumulate(counts)) for counts in zip(*(one.counts for one in series), strict=True)
    ]
    scale, values = frame(days, highest=max(total[-1] for total in sums))
    legend = list(reversed(series))
    return AreaChart(
        values=values,
        days=scale.day_axis(),
        layers=_layers(scale, series, sums),
        points=[
            scale.point(
                place,
                ys=sums[place],
                title=full_day(day),
                lines=[f"{one.name} {one.counts[place]:,}" for one in legend],
            )
            for place, day in enumerate(days)
        ],
        legend=legend,
        table=_table(days, legend),
        words=_words(days, legend),
    )


def _layers(scale: Frame, series: Sequence[Series], sums: Sequence[Sequence[int]]) -> list[Layer]:
    lower = _edge(scale, [0] * len(sums))
    layers: list[Layer] = []
    for number, one in enumerate(series):
        upper = _edge(scale, [total[number] for total in sums])
        layers.append(Layer(one.key, area_path(upper, lower), line_path(upper)))
        lower = upper
    return layers


def _edge(scale: Frame, values: Sequence[int]) -> list[Place]:
    """An upper edge; one day alone fills the width."""
    if len(values) == 1:
        return [(0.0, scale.y(values[0])), (WIDTH, scale.y(values[0]))]
    return [(scale.x(day), scale.y(value)) for day, value in zip(scale.days, values, strict=True)]


def _table(days: Sequence[date], legend: Sequence[Series]) -> Table:
    rows = [
        (full_day(day), *(f"{one.counts[place]:,}" for one in legend))
        for place, day in enumerate(days)
    ]
    return Table(("Day", *(one.name for one in legend)), rows[::-1])


def _words(days: Sequence[date], legend: Sequence[Series]) -> str:
    if len(days) == 1:
        told = ", ".join(f"{one.name} {one.now:,}" for one in legend)
        return f"{told} on {full_day(days[0])}"
    told = ", ".join(f"{one.name} from {one.counts[0]:,} to {one.now:,}" for one in legend)
    return f"{told}, between {full_day(days[0])} and {full_day(days[-1])}"
