"""How an organization's scores went day by day, and how today compares with a week ago."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pulsescore.scoring.models import DayTotal
from pulsescore.scoring.queries.distribution import standing
from pulsescore.scoring.rollup import days_without_total, total_days

_WEEK = timedelta(days=7)


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
    levels, score_sum = standing(org_id)
    scored = levels["green"] + levels["yellow"] + levels["red"]
    before = _total_on(org_id, (now.astimezone(UTC) - _WEEK).date())
    average = score_sum / scored if scored else None
    then = _average(before) if before else None
    return Summary(
        average=average,
        **levels,
        average_change=None if average is None or then is None else average - then,
        green_change=levels["green"] - before.green if before else None,
        yellow_change=levels["yellow"] - before.yellow if before else None,
        red_change=levels["red"] - before.red if before else None,
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
    return [*past, _today(org_id, now)]


def _total_on(org_id: int, on: date) -> DayTotal | None:
    stored = DayTotal.objects.for_org(org_id).filter(on=on).first()
    return stored or next(iter(total_days(org_id, first=on, last=on)), None)


def _today(org_id: int, now: datetime) -> DayTotal:
    levels, score_sum = standing(org_id)
    levels.pop("none")
    return DayTotal(org_id=org_id, on=now.astimezone(UTC).date(), score_sum=score_sum, **levels)


def _average(total: DayTotal) -> float | None:
    customers = total.green + total.yellow + total.red
    return total.score_sum / customers if customers else None
