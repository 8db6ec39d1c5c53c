"""The scores of listed customers day by day, for small lines beside their names."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from pulsescore.scoring.queries.customer_search import fetch
from pulsescore.scoring.statements import statement

Line = list[int | None]


def score_lines(org_id: int, ids: Sequence[int], *, days: int, now: datetime) -> dict[int, Line]:
    """Each customer's score at the end of the last `days` UTC days, today's last; one query.

    A day without a point has the score of the day before; None is a day without a score.
    """
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    rows = fetch(
        statement("score_lines"), {"org_id": org_id, "ids": list(ids), "since": since, "now": now}
    )
    points: dict[int, list[tuple[date, int | None]]] = {}
    for customer_id, on, score in rows:
        points.setdefault(customer_id, []).append((on, score))
    return {customer: fill(told, first=first, last=today) for customer, told in points.items()}


def fill(points: Sequence[tuple[date, int | None]], *, first: date, last: date) -> Line:
    """One value a day from points in order, the last of a day counting; pure."""
    by_day = dict(points)
    score = next((value for on, value in reversed(points) if on < first), None)
    line: Line = []
    for day in range((last - first).days + 1):
        on = first + timedelta(days=day)
        score = by_day.get(on, score)
        line.append(score)
    return line
