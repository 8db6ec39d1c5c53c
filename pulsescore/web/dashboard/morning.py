"""Everything the dashboard tells, read at one instant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pulsescore.scoring import queries
from pulsescore.web.charts import Bar, Slice, donut, histogram

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
    bars: list[Bar]
    trend: list[queries.DayLevels]
    level_chart: dict[str, Any]
    averages: list[queries.DayScore]
    average_chart: dict[str, Any]


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
    trend = queries.level_trend(org_id, TREND_DAYS, now)
    averages = queries.score_trend(org_id, TREND_DAYS, now)
    return Morning(
        summary=summary,
        week=queries.week(org_id, now),
        worst=queries.worst_changes(org_id, now, limit=WORST_SHOWN),
        coverage=queries.coverage(org_id),
        average_change=_whole(summary.average_change),
        levels=levels,
        slices=donut(levels),
        bars=histogram(bins, yellow=config.yellow, green=config.green),
        trend=trend,
        level_chart=level_chart(trend),
        averages=averages,
        average_chart=average_chart(averages),
    )


def _whole(points: float | None) -> int | None:
    return None if points is None else round(points)


def level_chart(trend: list[queries.DayLevels]) -> dict[str, Any]:
    """The data of the chart of levels over time."""
    return {
        "days": [day.on.isoformat() for day in trend],
        "green": [day.green for day in trend],
        "yellow": [day.yellow for day in trend],
        "red": [day.red for day in trend],
    }


def average_chart(averages: list[queries.DayScore]) -> dict[str, Any]:
    """The data of the chart of the average score."""
    return {
        "days": [day.on.isoformat() for day in averages],
        "scores": [None if day.average is None else round(day.average, 1) for day in averages],
    }
