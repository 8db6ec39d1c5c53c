"""Where the marks of an axis stand: round values, and days that read like a calendar. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor, log10
from typing import Final

_ROUND: Final = (1, 2, 5, 10)
_DAY_STEPS: Final = (1, 2, 7, 14)
_MOST_DAYS: Final = 7
_LONG_DAYS: Final = 98


def value_ticks(highest: float, *, steps: int = 4, whole: bool = True) -> list[float]:
    """Evenly spaced round values from 0 to at least `highest`, in about `steps` steps."""
    step = _round_up(max(highest, 0) / steps)
    if whole:
        step = max(step, 1)
    return [number * step for number in range(max(ceil(round(highest / step, 6)), 1) + 1)]


def _round_up(rough: float) -> float:
    if rough <= 0:
        return 1
    size = 10.0 ** floor(log10(rough))
    return next(size * one for one in _ROUND if size * one >= rough * (1 - 1e-9))


def day_ticks(first: date, last: date) -> list[date]:
    """The days named under a time axis: at most seven, counted back from the last day.

    Spans of more than three months name the first day of months instead.
    """
    span = (last - first).days
    if span > _LONG_DAYS:
        return _thinned(_months(first, last))
    step = next((one for one in _DAY_STEPS if span / one < _MOST_DAYS), _DAY_STEPS[-1])
    return sorted(last - timedelta(days=step * number) for number in range(span // step + 1))


def _months(first: date, last: date) -> list[date]:
    begins: list[date] = []
    begin = first if first.day == 1 else _next_month(first)
    while begin <= last:
        begins.append(begin)
        begin = _next_month(begin)
    return begins


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _thinned(days: Sequence[date]) -> list[date]:
    return list(days[:: ceil(len(days) / _MOST_DAYS)])


def short_day(day: date) -> str:
    """A day under an axis: "5 Mar"."""
    return f"{day.day} {day:%b}"


def full_day(day: date) -> str:
    """A day in a tooltip or table: "5 Mar 2026"."""
    return f"{day.day} {day:%b %Y}"


def apart(places: Sequence[float], *, least: float) -> bool:
    """Whether neighbouring labels are at least that far apart."""
    return all(abs(after - before) >= least for before, after in pairwise(places))
