"""Tags and filters of charts: geometry worked out where a component is given plain values."""

from collections.abc import Sequence

from django import template

from pulsescore.web.charts import LEVELS, BarRow, Sparkline, bar_rows, sparkline

register = template.Library()


@register.filter
def as_sparkline(values: Sequence[float | None] | None) -> Sparkline | None:
    """The line through plain values, oldest first."""
    return sparkline(values or [])


@register.filter
def as_scores(values: Sequence[float | None] | None) -> Sparkline | None:
    """The line through scores, on their whole scale, so that rows compare."""
    return sparkline(values or [], low=0, high=100)


@register.filter
def as_bars(counts: Sequence[tuple[str, int, str]] | None) -> list[BarRow]:
    """Bars of (name, count, address)."""
    return bar_rows(counts or [])


@register.filter
def is_level(key: str) -> bool:
    """Whether a series is a risk level, whose shape and colour are known."""
    return key in LEVELS
