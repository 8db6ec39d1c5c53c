"""Companies' scores, kept current: those that are marked, or all of an organization."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from pulsescore.scoring import scored
from pulsescore.scoring.engine import lock_scores
from pulsescore.scoring.statements import statement
from pulsescore.scoring.versions import current_config
from pulsescore.store import dirty
from pulsescore.store.models import Company

BATCH = 5_000


def roll_up_marked(*, org_id: int, now: datetime) -> int:
    """Roll up the marked companies, until none is left; returns how many there were.

    Marks are claimed in the transaction that writes: a crash gives them back.
    """
    total = 0
    while True:
        with transaction.atomic():
            lock_scores(org_id)
            ids = dirty.claim_companies(org_id, BATCH)
            _roll_up(org_id, ids, now)
            scored.mark_companies(org_id, ids)
        total += len(ids)
        if len(ids) < BATCH:
            return total


def roll_up_all(*, org_id: int, now: datetime) -> int:
    """Roll up every company of the organization; returns how many there were."""
    total = 0
    for ids in _batches(org_id):
        with transaction.atomic():
            lock_scores(org_id)
            dirty.unmark_companies(org_id, ids)
            _roll_up(org_id, ids, now)
        total += len(ids)
    return total


def _roll_up(org_id: int, ids: Sequence[int], now: datetime) -> None:
    if not ids:
        return
    config, _version = current_config(org_id)
    parameters: dict[str, Any] = {
        "org_id": org_id,
        "ids": list(ids),
        "yellow": config.yellow,
        "green": config.green,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("roll_up_companies"), parameters)
        if cursor.rowcount:
            cursor.execute(statement("bump_revision"), parameters)


def _batches(org_id: int) -> Iterator[list[int]]:
    after = 0
    companies = Company.objects.for_org(org_id).order_by("id").values_list("id", flat=True)
    while ids := list(companies.filter(id__gt=after)[:BATCH]):
        yield ids
        after = ids[-1]
