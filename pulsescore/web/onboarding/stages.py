"""Where an organization stands on its way to the first scores, computed from facts alone."""

from dataclasses import dataclass
from typing import Literal

from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    RunKind,
    RunStatus,
    SyncRun,
)

Stage = Literal["connect", "importing", "failed", "attention", "done"]


@dataclass(frozen=True)
class Place:
    """The stage, and the connection and import that it is about."""

    stage: Stage
    connection: Connection | None = None
    run: SyncRun | None = None


def find_place(org_id: int) -> Place:
    """Where the organization stands. One successful import, ever, is enough to be done."""
    known = queries.list_connections(org_id)
    imported = [one for one in known if one.last_sync_at is not None]
    if imported:
        return Place("done", imported[0], _first_import(imported[0]))
    living = [one for one in known if one.status != ConnectionStatus.DISCONNECTED]
    if not living:
        return Place("connect")
    newest = living[-1]
    run = _latest_import(newest)
    return Place(stage_of(newest.status, run.status if run else ""), newest, run)


def stage_of(connection_status: str, run_status: str) -> Stage:
    """The stage of a connection that has not imported anything yet."""
    if connection_status == ConnectionStatus.NEEDS_ATTENTION:
        return "attention"
    return "failed" if run_status in (RunStatus.FAILED, RunStatus.CANCELED) else "importing"


def _latest_import(connection: Connection) -> SyncRun | None:
    return (
        queries.list_runs(connection).exclude(kind__in=(RunKind.INCREMENTAL, RunKind.FETCH)).first()
    )


def _first_import(connection: Connection) -> SyncRun | None:
    runs = queries.list_runs(connection).filter(kind=RunKind.FULL, status=RunStatus.SUCCEEDED)
    return runs.last()
