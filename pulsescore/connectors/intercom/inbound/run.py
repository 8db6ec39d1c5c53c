"""Executing runs: one at a time per connection, resumable, ending in a row that says how."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError

from pulsescore.connectors.intercom.api.errors import (
    ApiError,
    PermanentApiError,
    PermissionMissing,
    PlanRestricted,
    TokenRefused,
)
from pulsescore.connectors.intercom.api.limits import Timing
from pulsescore.connectors.intercom.api.retry import Patience
from pulsescore.connectors.intercom.api.wire import Wire
from pulsescore.connectors.intercom.attention import needs_attention
from pulsescore.connectors.intercom.clients import client_for
from pulsescore.connectors.intercom.inbound import lifecycle, locking, nightly, segments, words
from pulsescore.connectors.intercom.inbound.announcing import note_gap
from pulsescore.connectors.intercom.inbound.database import DatabaseThread
from pulsescore.connectors.intercom.inbound.directory import set_permission
from pulsescore.connectors.intercom.inbound.job import FailureLog, Job, RunCanceled
from pulsescore.connectors.intercom.inbound.progress import Progress
from pulsescore.connectors.intercom.inbound.reading import (
    OVERLAP,
    read_changes,
    read_everything,
    read_scope,
)
from pulsescore.connectors.intercom.inbound.seen import Seen
from pulsescore.connectors.intercom.inbound.separately import Separately
from pulsescore.connectors.intercom.inbound.sweep import sweep
from pulsescore.connectors.intercom.inbound.writing import save_progress
from pulsescore.connectors.intercom.models import (
    GOING_ON,
    Connection,
    RunKind,
    Scope,
    SyncRun,
)
from pulsescore.connectors.intercom.queries import directory_names
from pulsescore.connectors.intercom.secrets import NotConnected

log = structlog.get_logger(__name__)

# Companies have no way to ask for changes; incremental runs read them all, but not each time.
_COMPANIES_EVERY: Final = timedelta(hours=1)
_NEEDED: Final = ("contacts", "conversations")
_TELL_ADMINS = (TokenRefused, PlanRestricted, PermissionMissing)


async def execute(
    run_id: int,
    *,
    now: Callable[[], datetime],
    on_changed: Callable[[int], None],
    timing: Timing | None = None,
    patience: Patience | None = None,
    wire: Wire | None = None,
    separately: Callable[[], Separately] = Separately,
) -> None:
    """Execute the run, after one of its connection that was interrupted, and before the next.

    Does nothing while another process executes runs of this connection. A failure ends in the
    run's row; raised are only faults of our own and of the database. `on_changed` is called from
    the event loop with the organization's id whenever rows arrived.
    """
    async with DatabaseThread() as database:
        connection = await database.run(_connection_of, run_id)
        with locking.executing(connection) as alone:
            if not alone:
                return
            while True:
                connection = await database.run(_connection_of, run_id)
                run = await database.run(lifecycle.next_run, connection)
                begun = run and await database.run(lifecycle.begin, connection, run, now=now())
                if begun is None:
                    return
                await _run_to_its_end(
                    begun,
                    connection,
                    database,
                    now=now,
                    on_changed=on_changed,
                    timing=timing,
                    patience=patience,
                    wire=wire,
                    separately=separately,
                )


async def _run_to_its_end(
    run: SyncRun,
    connection: Connection,
    database: DatabaseThread,
    *,
    now: Callable[[], datetime],
    on_changed: Callable[[int], None],
    timing: Timing | None,
    patience: Patience | None,
    wire: Wire | None,
    separately: Callable[[], Separately],
) -> None:
    failures = FailureLog(now)
    try:
        client = client_for(
            connection, on_failure=failures.note, timing=timing, patience=patience, wire=wire
        )
        async with client, separately() as other:
            job = Job(
                run=run,
                connection=connection,
                client=client,
                database=database,
                progress=Progress(run),
                failures=failures,
                separately=other,
                now=now,
                on_changed=on_changed,
                tag_names=dict(await database.run(directory_names, connection, "tag")),
            )
            try:
                await _read(job)
            finally:
                await _flush(job)
    except* RunCanceled:
        log.info("intercom.run_canceled", run=run.pk)
    except* NotConnected:
        await database.run(lifecycle.fail, connection, run, error=words.CANCELED, now=now())
    except* ApiError as group:
        await _fail(connection, run, database, error=_worst(group), now=now())
    except* (OperationalError, InterfaceError):
        # The database went away: the run stays as it is and is taken up again.
        raise
    except* Exception:
        await database.run(lifecycle.fail, connection, run, error=words.INTERNAL, now=now())
        raise


async def _read(job: Job) -> None:
    if job.run.kind == RunKind.FETCH:
        await _fetch(job)
        return
    began_at = job.now()
    if job.run.kind == RunKind.INCREMENTAL:
        due = await job.database.run(_companies_due, job)
        await read_changes(job, since=job.since - OVERLAP, with_companies=due)
        await segments.read_first(job)
    elif job.run.kind == RunKind.NIGHTLY:
        await read_changes(job, since=job.since - OVERLAP, with_companies=True)
        await nightly.check(job)
    elif job.run.kind == RunKind.FULL:
        await read_everything(job)
        await segments.read_first(job, after_import=True)
    else:
        job.seen = Seen()
        await read_everything(job)
        await sweep(job)
    for key in _NEEDED:
        await job.database.run(set_permission, job.connection, key, granted=True)
    await job.database.run(save_progress, job)
    await job.database.run(note_gap, job)
    through = began_at if job.run.kind in GOING_ON else job.since
    await job.database.run(
        lifecycle.succeed, job.connection, job.run, synced_through=through, now=job.now()
    )


async def _fetch(job: Job) -> None:
    """All of one scope; through when everything is known does not change by it."""
    await read_scope(job)
    if job.run.scope != Scope.COMPANIES:
        await job.database.run(set_permission, job.connection, "contacts", granted=True)
    await job.database.run(save_progress, job)
    await job.database.run(
        lifecycle.succeed, job.connection, job.run, synced_through=None, now=job.now()
    )


async def _fail(
    connection: Connection,
    run: SyncRun,
    database: DatabaseThread,
    *,
    error: ApiError,
    now: datetime,
) -> None:
    await database.run(lifecycle.fail, connection, run, error=words.why(error), now=now)
    refused = isinstance(error, (PlanRestricted, PermissionMissing))
    for key in _NEEDED:
        if refused and error.failure.path.startswith(f"/{key}"):
            await database.run(set_permission, connection, key, granted=False)
    if isinstance(error, _TELL_ADMINS):
        await database.run(needs_attention, connection, error, now=now)


async def _flush(job: Job) -> None:
    """Whatever happened, failed calls and counts are written down, unless the database is gone."""
    try:
        await asyncio.shield(job.database.run(save_progress, job))
    except (RunCanceled, OperationalError, InterfaceError):
        return


def _worst(group: BaseExceptionGroup[ApiError]) -> ApiError:
    """The error to tell: a permanent one before one that came of waiting."""
    errors = [one for one in _leaves(group) if isinstance(one, ApiError)]
    return next((one for one in errors if isinstance(one, PermanentApiError)), errors[0])


def _leaves(error: BaseException) -> list[BaseException]:
    if not isinstance(error, BaseExceptionGroup):
        return [error]
    return [leaf for part in error.exceptions for leaf in _leaves(part)]


def _connection_of(run_id: int) -> Connection:
    run = (
        SyncRun.objects.across_orgs("a job names its run by id")
        .select_related("connection")
        .get(pk=run_id)
    )
    return run.connection


def _companies_due(job: Job) -> bool:
    recent = SyncRun.objects.for_org(job.org_id).filter(
        connection=job.connection,
        started_at__gt=job.now() - _COMPANIES_EVERY,
        phases__has_key="companies",
    )
    return not recent.exclude(pk=job.run.pk).exists()
