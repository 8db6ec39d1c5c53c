"""Reads of backtests for pages and the API."""

from collections.abc import Iterable

from django.db.models import QuerySet

from pulsescore.core.errors import NotFound
from pulsescore.scoring.outcomes.models import Backtest
from pulsescore.store.models import Customer

_MAX_ID = 2**63 - 1


def list_backtests(org_id: int) -> QuerySet[Backtest]:
    """Every backtest there was, the newest first."""
    rows = Backtest.objects.for_org(org_id).select_related("requested_by")
    return rows.order_by("-requested_at", "-id")


def get_backtest(org_id: int, backtest_id: int) -> Backtest:
    """One backtest; raises `NotFound`."""
    rows = list_backtests(org_id)
    row = rows.filter(pk=backtest_id).first() if backtest_id <= _MAX_ID else None
    if row is None:
        raise NotFound("There is no such backtest in this organization.")
    return row


def people_of(org_id: int, customer_ids: Iterable[int]) -> dict[int, Customer]:
    """The customers of a result by the id it names; the erased are missing.

    Whoever was merged since is the survivor.
    """
    rows = Customer.objects.for_org(org_id).select_related("merged_into")
    found = rows.filter(pk__in=set(customer_ids))
    return {row.pk: row.merged_into or row for row in found}
