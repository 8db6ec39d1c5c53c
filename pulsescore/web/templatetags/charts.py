"""Tags and filters of charts: geometry worked out where a component is given plain values."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pulsescore.web.charts import LEVELS, BarRow, Sparkline, bar_rows, sparkline

register = template.Library()
NO_LINE = SafeString('<span class="sparkline-none faint">–</span>')


@register.filter
def as_sparkline(values: Sequence[float | None] | None) -> Sparkline | None:
    """The line through plain values, oldest first."""
    return sparkline(values or [])


@register.filter
def as_scores(values: Sequence[float | None] | None) -> Sparkline | None:
    """The line through scores, on their whole scale, so that rows compare."""
    return sparkline(values or [], low=0, high=100)


@register.simple_tag
def score_line(values: Sequence[float | None] | None, label: str) -> SafeString:
    """The line through scores as it is drawn beside a name; a dash where nothing is known."""
    line = as_scores(values)
    if line is None:
        return NO_LINE
    return format_html(
        '<svg class="sparkline" width="{}" height="{}" role="img" aria-label="{told}">'
        '<title>{told}</title>{}<circle cx="{}" cy="{}" r="2"></circle></svg>',
        line.width,
        line.height,
        format_html('<path d="{}"></path>', line.d) if line.d else "",
        *line.end,
        told=f"{label} {line.words}",
    )


@register.filter
def as_bars(counts: Sequence[tuple[str, int, str]] | None) -> list[BarRow]:
    """Bars of (name, count, address)."""
    return bar_rows(counts or [])


@register.filter
def is_level(key: str) -> bool:
    """Whether a series is a risk level, whose shape and colour are known."""
    return key in LEVELS
