"""The life of a run in the database: begun or taken up again, ended well or badly."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.attention import calm
from pulsescore.connectors.intercom.models import (
    GOING_ON,
    Connection,
    ConnectionStatus,
    RunKind,
    RunStatus,
    Severity,
    SyncRun,
    SyncWindow,
)

# A failed import is taken up where it stopped, unless it is older than this.
_TAKEN_UP: Final = timedelta(hours=24)


def next_run(connection: Connection) -> SyncRun | None:
    """The run to execute now: one that was interrupted, else the one that waits."""
    runs = _of(connection)
    return (
        runs.filter(status=RunStatus.RUNNING).first()
        or runs.filter(status=RunStatus.QUEUED).first()
    )


def begin(connection: Connection, run: SyncRun, *, now: datetime) -> SyncRun | None:
    """Mark the run as running, or go on with it; None when it was canceled meanwhile."""
    with transaction.atomic():
        known = _of(connection).select_for_update().filter(pk=run.pk).first()
        if known is None or known.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
            return None
        if known.status == RunStatus.QUEUED:
            known.status = RunStatus.RUNNING
            known.started_at = now
            known.since = _since(connection, known, now=now)
            _take_up(connection, known)
            _forget_windows(connection, known)
            connection_log.write(
                connection,
                connection_log.RUN,
                f"{known.title} started",
                details={"run": known.pk, "trigger": known.trigger},
                now=now,
            )
        elif known.kind == RunKind.RECONCILE:
            # What it saw before the interruption is forgotten, so it must see everything again.
            SyncWindow.objects.for_org(known.org_id).filter(run=known).delete()
            known.phases = {}
            known.since = now
        known.save()
        return known


def succeed(
    connection: Connection, run: SyncRun, *, synced_through: datetime | None, now: datetime
) -> None:
    """The run read all it should; without `synced_through` it read a part only."""
    with transaction.atomic():
        if not _end(connection, run, RunStatus.SUCCEEDED, error="", now=now):
            return
        row = (
            Connection.objects.for_org(connection.org_id).select_for_update().get(pk=connection.pk)
        )
        if row.status == ConnectionStatus.DISCONNECTED:
            return
        calm(row)
        if synced_through is not None:
            row.last_sync_at = now
            row.synced_through = synced_through
        row.save()
        SyncWindow.objects.for_org(run.org_id).filter(run=run).delete()


def fail(connection: Connection, run: SyncRun, *, error: str, now: datetime) -> None:
    """The run could not go on; what it stored stays."""
    with transaction.atomic():
        if _end(connection, run, RunStatus.FAILED, error=error, now=now):
            Connection.objects.for_org(connection.org_id).filter(
                pk=connection.pk, status=ConnectionStatus.CONNECTED
            ).update(last_error=error)


def _end(
    connection: Connection, run: SyncRun, status: RunStatus, *, error: str, now: datetime
) -> bool:
    ended = (
        _of(connection)
        .filter(pk=run.pk, status=RunStatus.RUNNING)
        .update(status=status, error=error, finished_at=now)
    )
    if ended:
        connection_log.write(
            connection,
            connection_log.RUN,
            f"{run.title} {status.label.lower()}" + (f": {error}" if error else ""),
            severity=Severity.ERROR if status == RunStatus.FAILED else Severity.INFO,
            details={"run": run.pk},
            now=now,
        )
    return bool(ended)


def _since(connection: Connection, run: SyncRun, *, now: datetime) -> datetime:
    return connection.synced_through or now if run.kind in GOING_ON else now


def _take_up(connection: Connection, run: SyncRun) -> None:
    """Go on where the last full import failed, instead of beginning again."""
    if run.kind != RunKind.FULL or run.started_at is None:
        return
    last = _of(connection).exclude(pk=run.pk).order_by("-created_at", "-id").first()
    if last is None or last.kind != RunKind.FULL or last.status != RunStatus.FAILED:
        return
    if last.since is None or run.started_at - last.since > _TAKEN_UP:
        return
    windows = SyncWindow.objects.for_org(run.org_id).filter(run=last)
    if windows.update(run=run):
        run.since, run.phases = last.since, last.phases


def _forget_windows(connection: Connection, run: SyncRun) -> None:
    others = SyncWindow.objects.for_org(run.org_id).filter(run__connection=connection)
    others.exclude(run=run).delete()


def _of(connection: Connection) -> QuerySet[SyncRun]:
    return SyncRun.objects.for_org(connection.org_id).filter(connection=connection)
