"""A customer's score history as the chart takes it. Pure but for the rows it reads."""

from collections.abc import Sequence
from datetime import date, timedelta

from pulsescore.scoring.models import ScorePoint
from pulsescore.web.charts import DayValue, LineChart, Thresholds, line_chart


def history_chart(
    points: Sequence[ScorePoint], *, yellow: float, green: float, until: date
) -> LineChart | None:
    """The score at the end of each day up to `until`; None where it was never known.

    A point is stored only when the score changes, so a day without one keeps the score before.
    """
    return line_chart(by_day(points, until=until), name="Score", levels=Thresholds(yellow, green))


def by_day(points: Sequence[ScorePoint], *, until: date) -> list[DayValue]:
    """The last point of each day, carried on through days without one."""
    if not points:
        return []
    last_of_day = {point.at.date(): point for point in points}
    day, point = points[0].at.date(), points[0]
    days: list[DayValue] = []
    while day <= max(until, points[-1].at.date()):
        point = last_of_day.get(day, point)
        days.append(DayValue(day, point.score, point.reconstructed))
        day += timedelta(days=1)
    return days
