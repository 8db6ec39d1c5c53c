"""Reads of connections, runs and directory, for pages and the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from pulsescore.connectors.intercom.findings import Refusal, findings_of, refusals_of
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    DirectoryEntry,
    RunKind,
    RunStatus,
    SyncRun,
)
from pulsescore.connectors.intercom.permissions import PERMISSIONS, Permission
from pulsescore.connectors.intercom.runs import ACTIVE
from pulsescore.core.errors import NotFound
from pulsescore.store import queries as store_queries

WEBHOOK_PATH = "/api/v1/webhooks/intercom"


@dataclass(frozen=True)
class PermissionState:
    """A permission and whether the token has it; None before it was tried."""

    permission: Permission
    granted: bool | None


def list_connections(org_id: int) -> list[Connection]:
    """Connections of the organization, disconnected ones last."""
    known = Connection.objects.for_org(org_id).order_by("id")
    return sorted(known, key=lambda one: one.status == ConnectionStatus.DISCONNECTED)


def get_connection(org_id: int, connection_id: int, *, for_update: bool = False) -> Connection:
    """One connection; raises `NotFound`."""
    rows = Connection.objects.for_org(org_id)
    if for_update:
        rows = rows.select_for_update()
    found = rows.filter(pk=connection_id).first()
    if found is None:
        raise NotFound("There is no such connection.")
    return found


def view_connection(connection: Connection) -> dict[str, Any]:
    """The connection object of the API."""
    run = latest_run(connection)
    return {
        "id": connection.pk,
        "provider": "intercom",
        "workspace_id": connection.workspace_id,
        "workspace_name": connection.workspace_name,
        "region": connection.region,
        "mode": connection.mode,
        "status": shown_status(connection, run),
        "last_sync_at": connection.last_sync_at,
        "last_error": connection.last_error or None,
        "webhook_url": settings.CONFIG.public_url + WEBHOOK_PATH,
        "last_webhook_at": connection.last_webhook_at,
        "conversation_days": connection.conversation_days,
        "sync_interval_secs": connection.sync_interval_secs,
        "largest_loss_percent": connection.largest_loss_percent,
        "token_last4": connection.token_last4,
        "webhook_secret_last4": connection.webhook_secret_last4,
        "connected_at": connection.connected_at,
        "disconnected_at": connection.disconnected_at,
        "run": view_run(run) if run else None,
        "counts": view_counts(connection),
    }


def shown_status(connection: Connection, run: SyncRun | None) -> str:
    """Syncing while a run waits or runs, else the connection's own status."""
    active = run is not None and run.status in ACTIVE
    if active and connection.status == ConnectionStatus.CONNECTED:
        return ConnectionStatus.SYNCING
    return connection.status


def view_counts(connection: Connection) -> dict[str, int]:
    """How many customers, conversations and companies came in, and how many were skipped."""
    counts = store_queries.counts(connection.org_id, connection.source_id)
    return {
        "customers": counts.customers,
        "conversations": counts.conversations,
        "companies": counts.companies,
        "skipped_contacts": counts.held_contacts,
        "skipped_conversations": counts.held_conversations,
    }


def view_run(run: SyncRun) -> dict[str, Any]:
    """The run object of the API."""
    return {
        "id": run.pk,
        "kind": run.kind,
        "scope": run.scope or None,
        "status": run.status,
        "phase": run.phase or None,
        "done": run.done,
        "total": run.total,
        "imported": run.imported,
        "skipped": run.skipped,
        "failed": run.failed,
        "unannounced": run.unannounced,
        "phases": run.phases,
        "findings": findings_of(run.phases),
        "refused": [vars(one) for one in refusals_of(run.phases)],
        "accepts_losses": run.accepts_losses,
        "trigger": run.trigger,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "error": run.error or None,
    }


def latest_run(connection: Connection) -> SyncRun | None:
    """The run under way, else the newest."""
    runs = list_runs(connection)
    running = runs.filter(status=RunStatus.RUNNING).first()
    return running or runs.first()


def list_runs(connection: Connection) -> QuerySet[SyncRun]:
    """Runs, newest first."""
    return (
        SyncRun.objects.for_org(connection.org_id)
        .filter(connection=connection)
        .order_by("-created_at", "-id")
    )


def last_fetches(connection: Connection) -> dict[str, SyncRun]:
    """The newest fetch of each scope. Index: fetches_newest_first."""
    rows = SyncRun.objects.for_org(connection.org_id).filter(
        connection=connection, kind=RunKind.FETCH
    )
    newest = rows.order_by("scope", "-created_at", "-id").distinct("scope")
    return {run.scope: run for run in newest}


def get_run(connection: Connection, run_id: int) -> SyncRun:
    """One run; raises `NotFound`."""
    run = list_runs(connection).filter(pk=run_id).first()
    if run is None:
        raise NotFound("There is no such run.")
    return run


@dataclass(frozen=True)
class RefusedLosses:
    """The run that did not believe a loss, and what it refused; a person's word decides."""

    run: SyncRun
    refusals: list[Refusal]


def refused_losses(connection: Connection) -> RefusedLosses | None:
    """What waits for a person's word: refused by the last reconciliation, not accepted since.

    Index: thorough_runs_newest_first.
    """
    runs = list_runs(connection).filter(kind=RunKind.RECONCILE)
    if runs.filter(status__in=ACTIVE, accepts_losses=True).exists():
        return None
    last = runs.filter(status=RunStatus.SUCCEEDED).first()
    refusals = refusals_of(last.phases) if last else []
    return RefusedLosses(last, refusals) if last and refusals else None


def list_active_runs(org_id: int) -> list[SyncRun]:
    """Runs under way or waiting in the organization, for the banner."""
    return list(
        SyncRun.objects.for_org(org_id)
        .filter(status__in=(RunStatus.RUNNING, RunStatus.QUEUED))
        .select_related("connection")
        .order_by("created_at")
    )


def list_permissions(connection: Connection) -> list[PermissionState]:
    """Each permission, what it is for, and whether the token has it."""
    granted: dict[str, bool] = connection.permissions
    return [PermissionState(one, granted.get(one.key)) for one in PERMISSIONS]


def directory_names(connection: Connection, kind: str) -> Mapping[str, str]:
    """Names by id for "admin", "team", "tag" or "segment"."""
    rows = DirectoryEntry.objects.for_org(connection.org_id).filter(
        connection=connection, kind=kind
    )
    return dict(rows.values_list("external_id", "name"))


def list_directory(connection: Connection, kind: str) -> list[DirectoryEntry]:
    """Entries of one kind by name, for example attribute definitions."""
    rows = DirectoryEntry.objects.for_org(connection.org_id).filter(
        connection=connection, kind=kind
    )
    return list(rows.order_by("name", "external_id"))
