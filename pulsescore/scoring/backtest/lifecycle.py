"""The row of a backtest from its request to its end; what has ended is never changed."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from pulsescore.core.locks import lock_for_transaction
from pulsescore.scoring.outcomes.models import Backtest, BacktestStatus

ACTIVE: Final = (BacktestStatus.QUEUED, BacktestStatus.RUNNING)
# Killed so often, it is the backtest that kills.
MOST_ATTEMPTS: Final = 3


class Progress:
    """Counts what was replayed into the row."""

    def __init__(self, backtest: Backtest, *, total: int) -> None:
        self._backtest = backtest
        backtest.total, backtest.done = total, 0
        self._save()

    def add(self, amount: int) -> None:
        """So many more were replayed."""
        self._backtest.done += amount
        self._save()

    def _save(self) -> None:
        self._backtest.save(update_fields=["done", "total", "outcomes", "config_version"])


def request(org_id: int, *, user_id: int | None, now: datetime) -> tuple[Backtest, bool]:
    """Queue a backtest; the one that is not over yet is returned instead of a second."""
    with transaction.atomic():
        lock_for_transaction(f"backtests:{org_id}")
        active = Backtest.objects.for_org(org_id).filter(status__in=ACTIVE).first()
        if active:
            return active, False
        made = Backtest.objects.for_org(org_id).create(
            org_id=org_id,
            status=BacktestStatus.QUEUED,
            requested_by_id=user_id,
            requested_at=now,
        )
    return made, True


def begin(backtest_id: int, *, now: datetime) -> Backtest | None:
    """Take a backtest up, for the first time or again; nothing where it is over or gone."""
    rows = Backtest.objects.across_orgs("a job names its backtest by id")
    waiting = rows.filter(pk=backtest_id, status__in=ACTIVE)
    if not waiting.update(
        status=BacktestStatus.RUNNING, started_at=now, attempts=F("attempts") + 1
    ):
        return None
    backtest = rows.get(pk=backtest_id)
    if backtest.attempts <= MOST_ATTEMPTS:
        return backtest
    finish(
        backtest,
        BacktestStatus.FAILED,
        problem="The background worker was stopped several times in the middle of it.",
        now=now,
    )
    return None


def finish(
    backtest: Backtest,
    status: BacktestStatus,
    *,
    now: datetime,
    result: dict[str, Any] | None = None,
    problem: str = "",
) -> None:
    """End a backtest, once."""
    rows = Backtest.objects.for_org(backtest.org_id)
    rows.filter(pk=backtest.pk, status__in=ACTIVE).update(
        status=status,
        config_version=backtest.config_version,
        outcomes=backtest.outcomes,
        finished_at=now,
        result=result,
        problem=problem,
    )


def waiting_ids() -> list[int]:
    """Backtests of every organization that wait, or that a killed process left."""
    rows = Backtest.objects.across_orgs("the worker serves every organization")
    return list(rows.filter(status__in=ACTIVE).values_list("pk", flat=True))
