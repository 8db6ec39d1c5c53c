"""Pure: how a company's score went, from the scores of its members day by day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from pulsescore.scoring.company_score import company_score

Weighed = Mapping[int, int]


def company_days(
    points: Sequence[tuple[int, date, int | None]], recent: Weighed, *, first: date, last: date
) -> list[tuple[date, int | None]]:
    """The company's score at the end of each day from `first` to `last`, both included.

    `points` are (customer, day, score at the end of that day) in the order of days; a customer
    keeps a score until the next point. `recent` are the present members with their conversations
    within 90 days, which weigh as they do now: how they weighed then is not known.
    """
    scores: dict[int, int | None] = {}
    days: list[tuple[date, int | None]] = []
    place = 0
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        while place < len(points) and points[place][1] <= day:
            customer, _on, score = points[place]
            if customer in recent:
                scores[customer] = score
            place += 1
        members = [(score, recent[who]) for who, score in scores.items() if score is not None]
        days.append((day, company_score(members)))
    return days
