"""A customer's score history as the chart takes it. Pure but for the rows it reads."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from pulsescore.scoring.models import ScorePoint
from pulsescore.scoring.queries import Standing
from pulsescore.web.charts import DayValue, LineChart, Thresholds, line_chart
from pulsescore.web.customers.changes import turn_in_words


def history_chart(standing: Standing, *, start: date, until: date) -> LineChart | None:
    """The score at the end of each day, with what changed it where much did.

    None where it was never known.
    """
    notes = {turn.at.date(): turn_in_words(turn) for turn in standing.turns}
    days = by_day(standing.points, until=until, notes=notes)
    levels = Thresholds(standing.config.yellow, standing.config.green)
    return line_chart([day for day in days if day.on >= start], name="Score", levels=levels)


def by_day(
    points: Sequence[ScorePoint], *, until: date, notes: Mapping[date, str]
) -> list[DayValue]:
    """The last point of each day, carried on through days without one.

    A point is stored only when the score changes, so a day without one keeps the score before.
    """
    if not points:
        return []
    last_of_day = {point.at.date(): point for point in points}
    day, point = points[0].at.date(), points[0]
    days: list[DayValue] = []
    while day <= max(until, points[-1].at.date()):
        point = last_of_day.get(day, point)
        days.append(DayValue(day, point.score, point.reconstructed, notes.get(day, "")))
        day += timedelta(days=1)
    return days
