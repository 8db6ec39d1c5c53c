"""Everything the dashboard tells, read at one instant."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from pulsescore.scoring.queries.attention import Attention, attention
from pulsescore.scoring.queries.distribution import Coverage
from pulsescore.scoring.queries.survey import look_for_survey
from pulsescore.scoring.queries.trends import Board, DayLevels, DayScore, Summary, board
from pulsescore.scoring.queries.worsened import WEEK
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
from pulsescore.web.dashboard.sentence import first_look
from pulsescore.web.words import level_in_words

TREND_DAYS = 90
CASES_SHOWN = 8


class Figure(NamedTuple):
    """One key figure: its name, level (if it is one), value, change within a week, and its door."""

    name: str
    level: str
    value: float | None
    change: int | None
    query: str


@dataclass(frozen=True)
class Morning:
    """The figures of the dashboard, and their charts; `surveyed_at` is when, if that is not now."""

    summary: Summary
    surveyed_at: datetime | None
    attention: Attention
    sentence: str
    has_past: bool
    coverage: Coverage
    figures: list[Figure]
    levels: dict[str, int]
    slices: list[Slice]
    scores: Histogram | None
    level_chart: AreaChart | None
    average_chart: LineChart | None


def get_morning(org_id: int, *, now: datetime) -> Morning:
    """Read it all: who needs attention, how everybody stands, and the days before."""
    kept = look_for_survey(org_id, now)
    found = board(org_id, TREND_DAYS, now, kept=kept)
    cases = attention(org_id, now, limit=CASES_SHOWN, kept=kept)
    levels = _levels(found.summary)
    has_past = found.levels[0].on <= found.levels[-1].on - WEEK
    return Morning(
        summary=found.summary,
        surveyed_at=found.surveyed_at,
        attention=cases,
        sentence=cases.week.sentence if has_past else first_look(found.summary),
        has_past=has_past,
        coverage=found.coverage,
        figures=_figures(found.summary),
        levels=levels,
        slices=donut(levels),
        scores=_scores(found, cases),
        level_chart=level_chart(found.levels),
        average_chart=average_chart(found.averages),
    )


def _levels(summary: Summary) -> dict[str, int]:
    return {
        "green": summary.green,
        "yellow": summary.yellow,
        "red": summary.red,
        "none": summary.none,
    }


def _figures(summary: Summary) -> list[Figure]:
    average = None if summary.average_change is None else round(summary.average_change)
    return [
        Figure("Average score", "", summary.average, average, "sort=score"),
        *(
            Figure(level_in_words(level), level, count, change, f"risk={level}&sort=score")
            for level, count, change in (
                ("green", summary.green, summary.green_change),
                ("yellow", summary.yellow, summary.yellow_change),
                ("red", summary.red, summary.red_change),
            )
        ),
    ]


def _scores(found: Board, cases: Attention) -> Histogram | None:
    bins = [one.count for one in found.bins]
    return histogram(bins, yellow=cases.config.yellow, green=cases.config.green)


def level_chart(trend: list[DayLevels]) -> AreaChart | None:
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


def average_chart(averages: list[DayScore]) -> LineChart | None:
    """The average score over time."""
    history = [DayValue(day.on, day.average) for day in averages]
    return line_chart(history, name="Average score", decimals=1, filled=True)
