"""Shares of several groups as columns, beside what they are overall. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pulsescore.web.charts.histogram import BASELINE, TALLEST
from pulsescore.web.charts.plot import Table

_FILLED: Final = 0.72
_LEAST: Final = 2.0
_LABEL_GAP: Final = 7.0
_WHOLE: Final = 100
# Below so many per cent of the width a column bears a bare number.
_NARROW: Final = 15


@dataclass(frozen=True)
class Rate:
    """One group: its name, what it holds in words, its share (0 to 1), and a shorter name."""

    name: str
    words: str
    share: float
    tick: str = ""


@dataclass(frozen=True)
class Column:
    """One column; x is in per cent, y in pixels."""

    name: str
    tick: str
    words: str
    share: str
    label: str
    x: float
    y: float
    width: float
    height: float
    zone: float
    zone_width: float

    @property
    def centre(self) -> float:
        """Where the labels stand."""
        return round(self.x + self.width / 2, 3)

    @property
    def label_y(self) -> float:
        """Just above the column."""
        return round(self.y - _LABEL_GAP, 2)


@dataclass(frozen=True)
class RateChart:
    """Columns, and the line of the overall share."""

    columns: list[Column]
    overall_y: float
    overall_label: str
    table: Table


def rate_chart(rates: Sequence[Rate], overall: float, *, head: tuple[str, str]) -> RateChart | None:
    """Columns of shares under the heading of the table; None where there are none."""
    if not rates:
        return None
    highest = max([overall, *(one.share for one in rates)]) or 1.0
    step = _WHOLE / len(rates)
    columns = [_column(one, place, step, highest) for place, one in enumerate(rates)]
    return RateChart(
        columns,
        round(BASELINE - overall / highest * TALLEST, 2),
        percent(overall),
        Table(head, [(one.name, percent(one.share)) for one in rates]),
    )


def percent(share: float) -> str:
    """A share as one reads it: whole above ten per cent, else with one decimal."""
    amount = _WHOLE * share
    text = f"{amount:.0f}" if amount >= 9.95 or amount == 0 else f"{amount:.1f}"  # noqa: PLR2004
    return f"{text} %"


def _column(one: Rate, place: int, step: float, highest: float) -> Column:
    narrow = step < _NARROW
    label = f"{_WHOLE * one.share:.0f}" if narrow else percent(one.share)
    height = max(one.share / highest * TALLEST, _LEAST) if one.share else 0.0
    return Column(
        name=one.name,
        tick=one.tick or one.name,
        words=one.words,
        share=percent(one.share),
        label=label,
        x=round(place * step + step * (1 - _FILLED) / 2, 3),
        y=round(BASELINE - height, 2),
        width=round(step * _FILLED, 3),
        height=round(height, 2),
        zone=round(place * step, 3),
        zone_width=round(step, 3),
    )
