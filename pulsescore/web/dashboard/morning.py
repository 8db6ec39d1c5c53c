"""Everything the dashboard tells, read at one instant."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from pulsescore.scoring import queries
from pulsescore.web.charts import (
    AreaChart,
    DayValue,
    Histogram,
    LineChart,
    Series,
    Slice,
    area_chart,
    donut,
    histogram,
    line_chart,
)
from pulsescore.web.words import level_in_words

TREND_DAYS = 90
WORST_SHOWN = 8


@dataclass(frozen=True)
class Morning:
    """The figures of the dashboard, and their charts."""

    summary: queries.Summary
    week: queries.Week
    worst: list[queries.Worsened]
    coverage: queries.Coverage
    average_change: int | None
    levels: dict[str, int]
    slices: list[Slice]
    scores: Histogram | None
    level_chart: AreaChart | None
    average_chart: LineChart | None


def get_morning(org_id: int, *, now: datetime) -> Morning:
    """Read it all."""
    summary = queries.summary(org_id, now)
    levels = {
        "green": summary.green,
        "yellow": summary.yellow,
        "red": summary.red,
        "none": summary.none,
    }
    config, _version = queries.get_config(org_id)
    bins = [one.count for one in queries.histogram(org_id)]
    return Morning(
        summary=summary,
        week=queries.week(org_id, now),
        worst=queries.worst_changes(org_id, now, limit=WORST_SHOWN),
        coverage=queries.coverage(org_id),
        average_change=_whole(summary.average_change),
        levels=levels,
        slices=donut(levels),
        scores=histogram(bins, yellow=config.yellow, green=config.green),
        level_chart=level_chart(queries.level_trend(org_id, TREND_DAYS, now)),
        average_chart=average_chart(queries.score_trend(org_id, TREND_DAYS, now)),
    )


def _whole(points: float | None) -> int | None:
    return None if points is None else round(points)


def level_chart(trend: list[queries.DayLevels]) -> AreaChart | None:
    """Customers per level over time, the critical ones at the bottom; each name is a door."""
    layers = (
        ("red", [day.red for day in trend]),
        ("yellow", [day.yellow for day in trend]),
        ("green", [day.green for day in trend]),
    )
    address = reverse("customers")
    return area_chart(
        [day.on for day in trend],
        [
            Series(level, level_in_words(level), tuple(counts), f"{address}?risk={level}")
            for level, counts in layers
        ],
    )


def average_chart(averages: list[queries.DayScore]) -> LineChart | None:
    """The average score over time."""
    history = [DayValue(day.on, day.average) for day in averages]
    return line_chart(history, name="Average score", decimals=1, filled=True)
