"""Day totals: how an organization stood on each past day; charts read days, not customers."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from pulsescore.core.locks import lock_for_transaction
from pulsescore.scoring.models import DayTotal, ScorePoint
from pulsescore.scoring.statements import statement

CHART_DAYS = 90


def roll_up_days(*, org_id: int, now: datetime, days: int = CHART_DAYS) -> int:
    """Total every past day that has history points and no total yet; returns how many were new."""
    today = now.astimezone(UTC).date()
    with transaction.atomic():
        lock_for_transaction(f"day totals:{org_id}")
        first = max(today - timedelta(days=days), _first_day(org_id) or today)
        missing = days_without_total(org_id, first=first, until=today)
        totals = [total for day in missing for total in total_days(org_id, first=day, last=day)]
        DayTotal.objects.for_org(org_id).bulk_create(totals)
    return len(totals)


def _first_day(org_id: int) -> date | None:
    """The day of the organization's first history point. Served by score_points_of_org."""
    points = ScorePoint.objects.for_org(org_id)
    first = points.order_by("at").values_list("at", flat=True).first()
    return first.astimezone(UTC).date() if first else None


def forget_totals(*, org_id: int, since: date) -> None:
    """Drop totals whose days got further points, so that they are made anew."""
    DayTotal.objects.for_org(org_id).filter(on__gte=since).delete()


def days_without_total(org_id: int, *, first: date, until: date) -> list[date]:
    """Days from `first` up to, not including, `until` that have no stored total."""
    known = set(
        DayTotal.objects.for_org(org_id)
        .filter(on__gte=first, on__lt=until)
        .values_list("on", flat=True)
    )
    every = (first + timedelta(days=step) for step in range((until - first).days))
    return [day for day in every if day not in known]


def total_days(org_id: int, *, first: date, last: date) -> list[DayTotal]:
    """Compute totals from the history points of these days; days without points are left out."""
    parameters: dict[str, Any] = {
        "org_id": org_id,
        "start": datetime.combine(first, time(), UTC),
        "end": datetime.combine(last + timedelta(days=1), time(), UTC),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("day_totals"), parameters)
        return [
            DayTotal(org_id=org_id, on=on, green=green, yellow=yellow, red=red, score_sum=total)
            for on, green, yellow, red, total in cursor.fetchall()
        ]
