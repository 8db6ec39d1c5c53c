"""What the worker does when it is woken: one stage's work, then a wake-up for the next stage."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from asgiref.sync import sync_to_async

from pulsescore.connectors.intercom import runs
from pulsescore.connectors.intercom.inbound.run import execute
from pulsescore.connectors.intercom.inbox import drain as inbox
from pulsescore.connectors.intercom.inbox import queries as deliveries
from pulsescore.connectors.intercom.inbox.refetch import refetch_due
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    RunKind,
    RunStatus,
    Scope,
    SyncRun,
)
from pulsescore.core import statistics
from pulsescore.core.clock import utcnow
from pulsescore.core.turns import Turns
from pulsescore.ingest import apply as ingest
from pulsescore.ingest import queue as arrived
from pulsescore.pipeline import segmenting, sending
from pulsescore.pipeline.telling import tell_admins
from pulsescore.pipeline.wake import wake
from pulsescore.scoring import actions as scoring
from pulsescore.scoring import scored
from pulsescore.scoring.backtest.lifecycle import waiting_ids as waiting_backtests
from pulsescore.scoring.surveys import is_survey_due, surveyed_orgs
from pulsescore.store import dirty, joining

log = structlog.get_logger(__name__)

# Each arrival wakes a job, and a job goes on while more arrives: one is enough for each stream.
_drains = Turns()
_applications = Turns()

# While a long import runs, scores appear in steps; at its end they are brought up to date anyway.
SCORES_EVERY_SECS = 10.0
# A steady stream of notifications or calls has no end to wait for: a new score within two seconds.
SCORES_OF_STREAM_EVERY_SECS = 0.5
# A batch costs as much for one notification as for fifty: after a small one, more may gather.
SMALL_BATCH = 50
GATHER_SECS = 0.1


async def execute_run(run_id: int, *, now: Callable[[], datetime] = utcnow) -> None:
    """Work on a sync run, and have scored what it changed, however it ends."""
    org_id = await sync_to_async(_org_of_run)(run_id)
    glimpses = Glimpses(org_id, every_secs=SCORES_EVERY_SECS, first_secs=SCORES_EVERY_SECS)
    try:
        await execute(run_id, now=now, on_changed=glimpses.note)
    finally:
        await glimpses.end()
    await sync_to_async(_after_run)(run_id)


class Glimpses:
    """Wakes the scoring stage now and then while rows arrive, and for the last of them."""

    def __init__(self, org_id: int, *, every_secs: float, first_secs: float = 0.0) -> None:
        self._org_id, self._every_secs = org_id, every_secs
        self._next_at = asyncio.get_running_loop().time() + first_secs
        self._is_left = True
        self._tasks: set[asyncio.Task[None]] = set()

    def note(self, _org_id: int) -> None:
        """Rows arrived."""
        self._is_left = True
        now = asyncio.get_running_loop().time()
        if now >= self._next_at:
            self._next_at, self._is_left = now + self._every_secs, False
            task = asyncio.create_task(self._wake())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """No more rows will arrive."""
        await asyncio.gather(*self._tasks)
        if self._is_left:
            await self._wake()

    async def _wake(self) -> None:
        await sync_to_async(wake)("rescore_pending", org_id=self._org_id)


async def drain_inbox(
    connection_id: int,
    *,
    now: Callable[[], datetime] = utcnow,
    scores_every_secs: float = SCORES_OF_STREAM_EVERY_SECS,
    gather_secs: float = GATHER_SECS,
) -> int:
    """Apply what a connection received, have it scored, then read again what it told too little of.

    Scores do not wait for a stream to end, and a thin stream is worked off in sips. Returns how
    many notifications were worked on.
    """
    if not _drains.begin(connection_id):
        return 0
    total = 0
    try:
        while True:
            total += await _drain(connection_id, now, scores_every_secs, gather_secs)
            if not _drains.is_wanted_again(connection_id):
                return total
    except BaseException:
        _drains.abandon(connection_id)
        raise


async def _drain(
    connection_id: int,
    now: Callable[[], datetime],
    scores_every_secs: float,
    gather_secs: float,
) -> int:
    org_id = await sync_to_async(_org_of_connection)(connection_id)
    glimpses = Glimpses(org_id, every_secs=scores_every_secs)
    total = 0
    while worked := await sync_to_async(inbox.work_batch)(connection_id, now=now()):
        total += worked
        glimpses.note(org_id)
        if worked < SMALL_BATCH:
            await asyncio.sleep(gather_secs)
    if total:
        await glimpses.end()
    if await refetch_due(connection_id, now=now):
        await sync_to_async(wake)("rescore_pending", org_id=org_id)
    return total


def apply_ingested(
    org_id: int,
    *,
    now: Callable[[], datetime] = utcnow,
    scores_every_secs: float = SCORES_OF_STREAM_EVERY_SECS,
) -> int:
    """Apply the calls that arrived, and have scored whom they changed; returns the batches.

    Scores do not wait for a stream to end.
    """
    if not _applications.begin(org_id):
        return 0
    total = 0
    try:
        while True:
            total += _apply(org_id, now, scores_every_secs)
            if not _applications.is_wanted_again(org_id):
                return total
    except BaseException:
        _applications.abandon(org_id)
        raise


def _apply(org_id: int, now: Callable[[], datetime], scores_every_secs: float) -> int:
    total, woken_at = 0, time.monotonic()
    while worked := arrived.work_once(org_id, now=now()):
        total += worked
        if time.monotonic() - woken_at >= scores_every_secs:
            wake("rescore_pending", org_id=org_id)
            woken_at = time.monotonic()
    if total:
        wake("rescore_pending", org_id=org_id)
    return total


def rescore_pending(org_id: int, *, now: datetime) -> int:
    """Score the customers that are marked, then companies, then see to segments.

    Whoever is marked meanwhile has been told of by another wake-up. Returns how many customers were
    scored.
    """
    statistics.catch_up()
    # The marks stay for the claim below, and a lost race for the night.
    joining.join_marked(org_id=org_id, now=now)
    ingest.settle_links(org_id=org_id, now=now)
    total = claimed = scoring.rescore_dirty(org_id=org_id, now=now)
    while claimed >= scoring.CLAIM:
        claimed = scoring.rescore_dirty(org_id=org_id, now=now)
        total += claimed
    if total >= scoring.CLAIM:
        statistics.catch_up()
    scoring.roll_up_marked(org_id=org_id, now=now)
    moved = segmenting.refresh_marked(org_id, now=now)
    if moved:
        wake("deliver")
    sending.wake_sending(org_id, now=now)
    if total or moved:
        wake("evaluate_alerts", org_id=org_id)
        if total and is_survey_due(org_id, now=now):
            wake("survey", org_id=org_id)
    return total


def start_due_syncs(*, now: datetime) -> list[SyncRun]:
    """Queue an incremental run for each connection whose interval has passed."""
    due = runs.list_due_connections(now=now)
    return [
        runs.request_run(connection, kind=RunKind.INCREMENTAL, trigger="schedule", now=now)
        for connection in due
    ]


def start_due_checks(*, now: datetime) -> list[SyncRun]:
    """Queue the nightly check, or the weekly reconciliation, of each connection that is due."""
    return [
        runs.request_run(connection, kind=kind, trigger="schedule", now=now)
        for connection, kind in runs.list_due_checks(now=now)
    ]


def request_runs(
    *,
    connection_id: int | None,
    kind: str,
    now: datetime,
    accepts_losses: bool = False,
    scope: str | None = None,
) -> list[SyncRun]:
    """Queue a run for this connection, or for every one that can sync; with `scope` a fetch."""
    rows = Connection.objects.across_orgs("an operator's command serves every organization")
    able = rows.filter(status__in=(ConnectionStatus.CONNECTED, ConnectionStatus.SYNCING))
    chosen = able if connection_id is None else able.filter(pk=connection_id)
    if scope is not None:
        return [
            runs.request_fetch(connection, scope=Scope(scope), trigger="command", now=now)
            for connection in chosen.order_by("pk")
        ]
    return [
        runs.request_run(
            connection, kind=kind, trigger="command", now=now, accepts_losses=accepts_losses
        )
        for connection in chosen.order_by("pk")
    ]


def recover(*, now: datetime) -> None:
    """Wake everything that has work waiting, whoever left it there."""
    for run in runs.list_waiting_runs():
        wake("sync_connection", run_id=run.pk)
    for connection_id in deliveries.connections_with_work(now=now):
        wake("drain_inbox", connection_id=connection_id)
    for org_id in surveyed_orgs(now=now):
        wake("survey", org_id=org_id)
    for org_id in arrived.orgs_with_work(now=now):
        wake("apply_ingested", org_id=org_id)
    for org_id in {*dirty.orgs_with_marks(), *scored.orgs_with_marks()}:
        wake("rescore_pending", org_id=org_id)
    for backtest_id in waiting_backtests():
        wake("run_backtest", backtest_id=backtest_id)


def _org_of_run(run_id: int) -> int:
    return _run(run_id).org_id


def _run(run_id: int) -> SyncRun:
    return SyncRun.objects.across_orgs("a job names its run by id").get(pk=run_id)


def _after_run(run_id: int) -> None:
    """Tell admins of a refusal; after a full import fill the days before it with scores."""
    run = _run(run_id)
    tell_admins(now=utcnow())
    if run.kind == RunKind.FULL and run.status == RunStatus.SUCCEEDED:
        wake("reconstruct_history", org_id=run.org_id)
        wake("read_outcomes", org_id=run.org_id)


def _org_of_connection(connection_id: int) -> int:
    rows = Connection.objects.across_orgs("a job names its connection by id")
    return rows.get(pk=connection_id).org_id
