"""Day totals: how an organization stood on each past day; charts read days, not customers.

A day is totalled once it is over. From then on the database itself keeps its total right, in the
transaction that adds or removes points (triggers of migration 0002): late rescores, reconstruction
and erasure count at once.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection, transaction

from pulsescore.scoring.models import DayTotal, ScorePoint
from pulsescore.scoring.statements import statement

CHART_DAYS: Final = 90
KEPT_DAYS: Final = 366
_DAY: Final = timedelta(days=1)
# Days are locked against writers of their points while they are totalled: not too many at once.
_AT_ONCE: Final = 10
_LOCK_DAYS: Final = """
    SELECT pg_advisory_xact_lock((%(org_id)s::bigint & 2147483647)::int, day - date '1970-01-01')
    FROM unnest(%(days)s::date[]) AS day
"""


def roll_up_days(*, org_id: int, now: datetime, since: date | None = None) -> int:
    """Total every past day that has no total yet; returns how many were new.

    From `since`, or else from the day of the first history point, at most 366 days back.
    """
    today = now.astimezone(UTC).date()
    first = max(today - timedelta(KEPT_DAYS), since or _first_day(org_id) or today)
    missing = _days_without_total(org_id, first=first, until=today)
    for run in _runs(missing):
        _total(org_id, run)
    return len(missing)


def past_days(org_id: int, *, first: date, until: date) -> list[DayTotal]:
    """The totals of the days from `first` up to, not including, `until`; oldest first.

    Those without a total yet are totalled from their points on the way; the day that has just
    ended, in general. Days on which nobody had a score are left out.
    """
    stored = DayTotal.objects.for_org(org_id).filter(on__gte=first, on__lt=until)
    found = {total.on: total for total in stored}
    if len(found) < (until - first).days:
        since = max(first, _first_day(org_id) or until)
        missing = [day for day in _every_day(since, until) if day not in found]
        for run in _runs(missing, longest=KEPT_DAYS):
            found |= {total.on: total for total in total_days(org_id, first=run[0], last=run[-1])}
    return [found[on] for on in sorted(found) if found[on].scored]


def total_days(org_id: int, *, first: date, last: date) -> list[DayTotal]:
    """Compute totals from the history points of these days; days without scores are left out."""
    parameters: dict[str, Any] = {
        "org_id": org_id,
        "start": datetime.combine(first, time(), UTC),
        "end": datetime.combine(last + _DAY, time(), UTC),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("day_totals"), parameters)
        return [
            DayTotal(org_id=org_id, on=on, green=green, yellow=yellow, red=red, score_sum=total)
            for on, green, yellow, red, total in cursor.fetchall()
        ]


def _total(org_id: int, run: Sequence[date]) -> None:
    """Total consecutive days for good; whoever changes points of them waits, or is waited for."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK_DAYS, {"org_id": org_id, "days": list(run)})
        found = {total.on: total for total in total_days(org_id, first=run[0], last=run[-1])}
        totals = [found.get(day) or _nobody(org_id, day) for day in run]
        # Another process may have totalled them meanwhile, and points may have moved them since.
        DayTotal.objects.for_org(org_id).bulk_create(totals, ignore_conflicts=True)


def _nobody(org_id: int, on: date) -> DayTotal:
    return DayTotal(org_id=org_id, on=on, green=0, yellow=0, red=0, score_sum=0)


def _first_day(org_id: int) -> date | None:
    """The day of the organization's first history point. Served by score_points_of_org."""
    points = ScorePoint.objects.for_org(org_id)
    first = points.order_by("at").values_list("at", flat=True).first()
    return first.astimezone(UTC).date() if first else None


def _days_without_total(org_id: int, *, first: date, until: date) -> list[date]:
    stored = DayTotal.objects.for_org(org_id).filter(on__gte=first, on__lt=until)
    known = set(stored.values_list("on", flat=True))
    return [day for day in _every_day(first, until) if day not in known]


def _every_day(first: date, until: date) -> Iterator[date]:
    return (first + timedelta(step) for step in range((until - first).days))


def _runs(days: Sequence[date], *, longest: int = _AT_ONCE) -> list[list[date]]:
    """Consecutive days together, so that one range of the index serves them."""
    runs: list[list[date]] = []
    for day in days:
        if runs and runs[-1][-1] + _DAY == day and len(runs[-1]) < longest:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
