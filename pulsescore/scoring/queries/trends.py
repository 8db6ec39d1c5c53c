"""How an organization's scores went day by day, and how today compares with a week ago."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from pulsescore.scoring.models import DayTotal
from pulsescore.scoring.queries.distribution import risk_distribution
from pulsescore.scoring.rollup import days_without_total, total_days

_WEEK = timedelta(days=7)
_AVERAGE = """
    SELECT coalesce(sum(h.score), 0)
    FROM scoring_healthscore AS h
    JOIN store_customer AS c ON c.id = h.customer_id
    WHERE h.org_id = %(org_id)s AND c.org_id = %(org_id)s AND c.deleted_at IS NULL
        AND h.score IS NOT NULL
"""


@dataclass(frozen=True)
class DayScore:
    """The average score at the end of a day (today: now), nothing where nobody had one."""

    on: date
    average: float | None
    customers: int


@dataclass(frozen=True)
class DayLevels:
    """Customers per level at the end of a day (today: now)."""

    on: date
    green: int
    yellow: int
    red: int


@dataclass(frozen=True)
class Summary:
    """The dashboard's figures now, and their change since seven days ago (None: unknown then)."""

    average: float | None
    green: int
    yellow: int
    red: int
    none: int
    average_change: float | None
    green_change: int | None
    yellow_change: int | None
    red_change: int | None

    @property
    def total(self) -> int:
        """All customers."""
        return self.scored + self.none

    @property
    def scored(self) -> int:
        """Customers that have a score."""
        return self.green + self.yellow + self.red

    @property
    def coverage(self) -> float | None:
        """The scored part of all customers."""
        return self.scored / self.total if self.total else None


def score_trend(org_id: int, days: int, now: datetime) -> list[DayScore]:
    """The average of each of the last `days` days, oldest first, today last."""
    return [
        DayScore(total.on, _average(total), total.green + total.yellow + total.red)
        for total in _totals(org_id, days, now)
    ]


def level_trend(org_id: int, days: int, now: datetime) -> list[DayLevels]:
    """Customers per level on each of the last `days` days, oldest first, today last."""
    return [
        DayLevels(total.on, total.green, total.yellow, total.red)
        for total in _totals(org_id, days, now)
    ]


def summary(org_id: int, now: datetime) -> Summary:
    """Average and levels now, and against the end of the day a week ago."""
    levels = risk_distribution(org_id)
    today = _today(org_id, now, levels)
    before = _total_on(org_id, (now.astimezone(UTC) - _WEEK).date())
    average, then = _average(today), _average(before) if before else None
    return Summary(
        average=average,
        **levels,
        average_change=None if average is None or then is None else average - then,
        green_change=today.green - before.green if before else None,
        yellow_change=today.yellow - before.yellow if before else None,
        red_change=today.red - before.red if before else None,
    )


def _totals(org_id: int, days: int, now: datetime) -> list[DayTotal]:
    """Stored totals; days not yet rolled up are totalled from their points on the way."""
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    stored = DayTotal.objects.for_org(org_id).filter(on__gte=first, on__lt=today)
    found = {total.on: total for total in stored}
    missing = days_without_total(org_id, first=first, until=today)
    if missing:
        fresh = total_days(org_id, first=missing[0], last=missing[-1])
        found = {total.on: total for total in fresh} | found
    past = [found[on] for on in sorted(found)]
    return [*past, _today(org_id, now, risk_distribution(org_id))]


def _total_on(org_id: int, on: date) -> DayTotal | None:
    stored = DayTotal.objects.for_org(org_id).filter(on=on).first()
    return stored or next(iter(total_days(org_id, first=on, last=on)), None)


def _today(org_id: int, now: datetime, levels: dict[str, int]) -> DayTotal:
    with connection.cursor() as cursor:
        cursor.execute(_AVERAGE, {"org_id": org_id})
        (score_sum,) = cursor.fetchone() or (0,)
    return DayTotal(
        org_id=org_id,
        on=now.astimezone(UTC).date(),
        green=levels["green"],
        yellow=levels["yellow"],
        red=levels["red"],
        score_sum=int(score_sum),
    )


def _average(total: DayTotal) -> float | None:
    customers = total.green + total.yellow + total.red
    return total.score_sum / customers if customers else None
