"""What arrived and waits: claimed, applied and removed in one transaction; failures wait longer."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from pulsescore.ingest.apply import apply_calls
from pulsescore.ingest.bodies import unpack
from pulsescore.ingest.calls import Call
from pulsescore.ingest.models import ArrivedBatch

CALLS_AT_ONCE: Final = 5_000
_BATCHES_AT_ONCE: Final = 500
MOST_ATTEMPTS: Final = 8
_FIRST_PAUSE: Final = timedelta(seconds=10)

# Index arrived_due. What another worker has claimed is its own; of a portion, no more calls than
# one transaction should hold, at least one batch.
_CLAIM: Final = """
    WITH next AS (
        SELECT id, size FROM ingest_arrivedbatch
        WHERE org_id = %(org_id)s AND next_attempt_at <= %(now)s
        ORDER BY org_id, next_attempt_at, id LIMIT %(batches)s FOR UPDATE SKIP LOCKED
    ), portion AS (
        SELECT id, sum(size) OVER (ORDER BY id) - size AS before FROM next
    )
    DELETE FROM ingest_arrivedbatch AS a USING portion
    WHERE a.org_id = %(org_id)s AND a.id = portion.id AND portion.before < %(calls)s
    RETURNING a.id, a.calls, a.size, a.received_at, a.attempts
"""
_ORGS: Final = """
    SELECT DISTINCT org_id FROM ingest_arrivedbatch WHERE next_attempt_at <= %(now)s
"""

logger = structlog.get_logger(__name__)


class _Claimed(NamedTuple):
    id: int
    calls: bytes
    size: int
    received_at: datetime
    attempts: int


def work_once(org_id: int, *, now: datetime) -> int:
    """Apply some of what waits; returns how many batches were worked on, 0 when none waits.

    Where a portion fails each of its batches is tried alone, so that one does not stop the rest.
    """
    try:
        with transaction.atomic():
            claimed = _claim(org_id, now=now)
            _apply(org_id, claimed, now=now)
            return len(claimed)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("ingested_calls_not_applied", org=org_id)
    return _one_by_one(org_id, now=now)


def orgs_with_work(*, now: datetime) -> list[int]:
    """Organizations of which something waits to be applied."""
    with connection.cursor() as cursor:
        cursor.execute(_ORGS, {"now": now})
        return [org_id for (org_id,) in cursor.fetchall()]


def _apply(org_id: int, claimed: list[_Claimed], *, now: datetime) -> None:
    calls: list[Call] = []
    for batch in claimed:
        calls += unpack(bytes(batch.calls))
    if calls:
        apply_calls(org_id=org_id, calls=calls, now=now)


def _one_by_one(org_id: int, *, now: datetime) -> int:
    worked = 0
    while worked < _BATCHES_AT_ONCE:
        with transaction.atomic():
            claimed = _claim(org_id, now=now, batches=1)
            if not claimed:
                break
            worked += 1
            try:
                with transaction.atomic():
                    _apply(org_id, claimed, now=now)
            except (OperationalError, InterfaceError):
                raise
            except Exception as fault:
                logger.exception("ingested_batch_not_applied", org=org_id)
                _postpone(org_id, claimed[0], fault, now=now)
    return worked


def _claim(org_id: int, *, now: datetime, batches: int = _BATCHES_AT_ONCE) -> list[_Claimed]:
    params: dict[str, Any] = {
        "org_id": org_id,
        "now": now,
        "batches": batches,
        "calls": CALLS_AT_ONCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, params)
        return sorted(_Claimed(*row) for row in cursor.fetchall())


def _postpone(org_id: int, batch: _Claimed, fault: Exception, *, now: datetime) -> None:
    attempts = batch.attempts + 1
    pause = _FIRST_PAUSE * 4 ** (attempts - 1)
    ArrivedBatch.objects.for_org(org_id).create(
        org_id=org_id,
        calls=batch.calls,
        size=batch.size,
        received_at=batch.received_at,
        attempts=attempts,
        next_attempt_at=None if attempts >= MOST_ATTEMPTS else now + pause,
        error=type(fault).__name__,
    )
