"""Sync runs: asked for, queued, canceled.

Of a connection at most one runs, and one waits beside a fetch of each scope.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from pulsescore.connectors.intercom.models import (
    GOING_ON,
    Connection,
    ConnectionStatus,
    RunKind,
    RunStatus,
    Scope,
    SyncRun,
)
from pulsescore.connectors.intercom.schedule import check_due
from pulsescore.connectors.intercom.times import zone_named
from pulsescore.core.errors import Conflict

# A waiting run is replaced by one that reads more, never by one that reads less.
_BREADTH: Final = {
    RunKind.INCREMENTAL: 0,
    RunKind.NIGHTLY: 1,
    RunKind.FULL: 2,
    RunKind.RECONCILE: 3,
}
# What reads everything reads what a fetch would.
_EVERYTHING: Final = (RunKind.FULL, RunKind.RECONCILE)
_CHECKS: Final = (RunKind.NIGHTLY, RunKind.FULL, RunKind.RECONCILE)
ACTIVE: Final = (RunStatus.QUEUED, RunStatus.RUNNING)


def request_run(
    connection: Connection,
    *,
    kind: str,
    trigger: str,
    now: datetime,
    accepts_losses: bool = False,
) -> SyncRun:
    """The run that will do this: a new one, or the one that already waits.

    With `accepts_losses` a reconciliation marks as gone whatever is, however much. A connection
    that never completed an import gets a full one whatever was asked for. Raises `Conflict`
    when the connection is disconnected.
    """
    with transaction.atomic():
        locked = (
            Connection.objects.for_org(connection.org_id).select_for_update().get(pk=connection.pk)
        )
        _check_connected(locked)
        wanted = RunKind(kind) if locked.synced_through else _first(RunKind(kind))
        waiting = _of(locked).filter(status=RunStatus.QUEUED, scope="").first()
        if waiting is None:
            run = SyncRun(
                org_id=locked.org_id,
                connection=locked,
                kind=wanted,
                status=RunStatus.QUEUED,
                trigger=trigger,
                accepts_losses=accepts_losses,
                created_at=now,
            )
            run.save(force_insert=True)
            return run
        if _BREADTH[wanted] > _BREADTH[RunKind(waiting.kind)]:
            waiting.kind, waiting.trigger = wanted, trigger
        waiting.accepts_losses = waiting.accepts_losses or accepts_losses
        waiting.save(update_fields=["kind", "trigger", "accepts_losses"])
        return waiting


def request_fetch(connection: Connection, *, scope: Scope, trigger: str, now: datetime) -> SyncRun:
    """The run that will read all users, leads or companies: a new one, or one that waits.

    A run that waits to read everything does, too, as does the first import of a connection that
    never completed one. Raises `Conflict` when the connection is disconnected.
    """
    with transaction.atomic():
        locked = (
            Connection.objects.for_org(connection.org_id).select_for_update().get(pk=connection.pk)
        )
        if not locked.synced_through:
            return request_run(locked, kind=RunKind.FULL, trigger=trigger, now=now)
        _check_connected(locked)
        queued = _of(locked).filter(status=RunStatus.QUEUED)
        waiting = queued.filter(Q(scope=scope) | Q(kind__in=_EVERYTHING)).first()
        return waiting or SyncRun.objects.for_org(locked.org_id).create(
            org_id=locked.org_id,
            connection=locked,
            kind=RunKind.FETCH,
            scope=scope,
            status=RunStatus.QUEUED,
            trigger=trigger,
            created_at=now,
        )


def cancel_runs(connection: Connection, *, reason: str, now: datetime) -> int:
    """End what waits and tell what runs to stop; returns how many."""
    return (
        _of(connection)
        .filter(status__in=ACTIVE)
        .update(status=RunStatus.CANCELED, finished_at=now, error=reason)
    )


def list_due_connections(*, now: datetime) -> list[Connection]:
    """Connected ones whose interval has passed since their last run, and that have none active."""
    everywhere = SyncRun.objects.across_orgs("the scheduler serves every organization").exclude(
        kind=RunKind.FETCH
    )
    last_run = everywhere.filter(connection=OuterRef("pk")).order_by("-created_at")
    active = everywhere.filter(status__in=ACTIVE).values("connection_id")
    candidates = (
        Connection.objects.across_orgs("the scheduler serves every organization")
        .filter(status__in=(ConnectionStatus.CONNECTED, ConnectionStatus.SYNCING))
        .exclude(pk__in=active)
        .annotate(last_run_at=Subquery(last_run.values("created_at")[:1]))
        .filter(Q(last_run_at__isnull=True) | Q(last_run_at__lte=now))
        .order_by(F("last_run_at").asc(nulls_first=True))
    )
    return [one for one in candidates if _is_due(one, now)]


def list_due_checks(*, now: datetime) -> list[tuple[Connection, RunKind]]:
    """Connected ones that are to be checked beyond what changed, and how thoroughly."""
    everywhere = SyncRun.objects.across_orgs("the scheduler serves every organization")
    of_one = everywhere.filter(connection=OuterRef("pk")).order_by("-created_at")
    candidates = (
        Connection.objects.across_orgs("the scheduler serves every organization")
        .filter(status__in=(ConnectionStatus.CONNECTED, ConnectionStatus.SYNCING))
        .exclude(synced_through=None)
        .exclude(pk__in=everywhere.filter(status__in=ACTIVE, kind__in=_CHECKS).values("connection"))
        .annotate(
            nightly_at=Subquery(of_one.filter(kind=RunKind.NIGHTLY).values("created_at")[:1]),
            weekly_at=Subquery(of_one.filter(kind=RunKind.RECONCILE).values("created_at")[:1]),
        )
    )
    due = [(one, _check_due(one, now)) for one in candidates]
    return [(one, kind) for one, kind in due if kind is not None]


def _check_due(connection: Connection, now: datetime) -> RunKind | None:
    weekly_at = getattr(connection, "weekly_at", None) or connection.connected_at
    return check_due(
        now=now,
        zone=zone_named(connection.workspace_time_zone),
        nightly_at=getattr(connection, "nightly_at", None) or weekly_at,
        weekly_at=weekly_at,
    )


def list_waiting_runs() -> list[SyncRun]:
    """Runs that wait or were interrupted; executing one that is under way does nothing."""
    everywhere = SyncRun.objects.across_orgs("the scheduler serves every organization")
    return list(everywhere.filter(status__in=ACTIVE).order_by("created_at"))


def _is_due(connection: Connection, now: datetime) -> bool:
    last = getattr(connection, "last_run_at", None)
    return last is None or (now - last).total_seconds() >= connection.sync_interval_secs


def _check_connected(connection: Connection) -> None:
    if connection.status == ConnectionStatus.DISCONNECTED:
        raise Conflict("This connection is disconnected; reconnect it to sync.")


def _first(kind: RunKind) -> RunKind:
    return RunKind.FULL if kind in GOING_ON else kind


def _of(connection: Connection) -> QuerySet[SyncRun]:
    return SyncRun.objects.for_org(connection.org_id).filter(connection=connection)
