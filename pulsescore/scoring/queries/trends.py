"""How an organization's scores went day by day, and how today compares with a week ago."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pulsescore.scoring.models import DayTotal
from pulsescore.scoring.queries.distribution import Bin, Census, Coverage, census
from pulsescore.scoring.queries.survey import Kept
from pulsescore.scoring.rollup import past_days

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


@dataclass(frozen=True)
class Board:
    """The figures of a dashboard, all of one instant; trends are oldest first, today last.

    `surveyed_at` is that instant if it is not now.
    """

    summary: Summary
    levels: list[DayLevels]
    averages: list[DayScore]
    bins: list[Bin]
    coverage: Coverage
    surveyed_at: datetime | None


def board(org_id: int, days: int, now: datetime, *, kept: Kept | None = None) -> Board:
    """Everything a dashboard counts: one look at everybody, and the totals of past days.

    `kept` is the survey, where the caller has looked for it.
    """
    counted = census(org_id, now, kept=kept)
    totals = _totals(org_id, max(days, _WEEK.days + 1), now, counted)
    shown = [total for total in totals if total.on > now.astimezone(UTC).date() - timedelta(days)]
    return Board(
        summary=_summary(counted, _on(totals, _week_ago(now))),
        levels=[_day_levels(total) for total in shown],
        averages=[_day_score(total) for total in shown],
        bins=counted.bins,
        coverage=counted.coverage,
        surveyed_at=counted.surveyed_at,
    )


def day_trend(org_id: int, days: int, now: datetime) -> list[tuple[DayScore, DayLevels]]:
    """Average and levels of each of the last `days` days with scores, oldest first, today last."""
    totals = _totals(org_id, days, now, census(org_id, now))
    return [(_day_score(total), _day_levels(total)) for total in totals]


def score_trend(org_id: int, days: int, now: datetime) -> list[DayScore]:
    """The average of each of the last `days` days, oldest first, today last."""
    return [score for score, _levels in day_trend(org_id, days, now)]


def level_trend(org_id: int, days: int, now: datetime) -> list[DayLevels]:
    """Customers per level on each of the last `days` days, oldest first, today last."""
    return [levels for _score, levels in day_trend(org_id, days, now)]


def summary(org_id: int, now: datetime) -> Summary:
    """Average and levels now, and against the end of the day a week ago."""
    then = _week_ago(now)
    before = past_days(org_id, first=then, until=then + timedelta(days=1))
    return _summary(census(org_id, now), _on(before, then))


def _summary(counted: Census, before: DayTotal | None) -> Summary:
    levels = counted.levels
    scored = levels["green"] + levels["yellow"] + levels["red"]
    average = counted.score_sum / scored if scored else None
    then = _average(before) if before else None
    return Summary(
        average=average,
        **levels,
        average_change=None if average is None or then is None else average - then,
        green_change=levels["green"] - before.green if before else None,
        yellow_change=levels["yellow"] - before.yellow if before else None,
        red_change=levels["red"] - before.red if before else None,
    )


def _totals(org_id: int, days: int, now: datetime, counted: Census) -> list[DayTotal]:
    """The totals of past days, and what was counted for today."""
    today = now.astimezone(UTC).date()
    past = past_days(org_id, first=today - timedelta(days=days - 1), until=today)
    return [*past, _today(org_id, today, counted)]


def _week_ago(now: datetime) -> date:
    return (now.astimezone(UTC) - _WEEK).date()


def _on(totals: list[DayTotal], on: date) -> DayTotal | None:
    return next((total for total in totals if total.on == on), None)


def _today(org_id: int, today: date, counted: Census) -> DayTotal:
    levels = counted.levels
    levels.pop("none")
    return DayTotal(org_id=org_id, on=today, score_sum=counted.score_sum, **levels)


def _day_score(total: DayTotal) -> DayScore:
    return DayScore(total.on, _average(total), total.scored)


def _day_levels(total: DayTotal) -> DayLevels:
    return DayLevels(total.on, total.green, total.yellow, total.red)


def _average(total: DayTotal) -> float | None:
    return total.score_sum / total.scored if total.scored else None
