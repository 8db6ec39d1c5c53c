"""Connections to Intercom workspaces: connect by token, change, sync, disconnect."""

from typing import Annotated, Literal

from ninja import Query, Router, Status

from pulsescore.api.areas.connection_shapes import (
    ConnectionOut,
    LogEntryOut,
    LogOut,
    RunOut,
    RunsOut,
)
from pulsescore.api.bodies import Instant, StrictBody
from pulsescore.api.callers import MemberRequest, admin, member
from pulsescore.api.paging import PageQuery, cut
from pulsescore.connectors.intercom import connection_log, queries
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import run as pipeline

router = Router(tags=["Connections"])
Mode = Literal["read_only", "two_way"]


class ConnectIn(StrictBody):
    """A workspace's access token; region is detected unless given."""

    access_token: str
    region: Literal["us", "eu", "au"] | None = None
    mode: Mode = "read_only"
    webhook_secret: str | None = None
    conversation_days: int = 90


class SettingsIn(StrictBody):
    """The settings to change; the others stay. A replaced webhook secret stays valid a day.

    A reconciliation that misses more than `largest_loss_percent` of what is held at once marks
    nothing as gone until a run with `accepts_losses` is asked for.
    """

    mode: Mode | None = None
    webhook_secret: str | None = None
    access_token: str | None = None
    conversation_days: int | None = None
    sync_interval_secs: int | None = None
    largest_loss_percent: int | None = None


class SyncIn(StrictBody):
    """What to read again.

    `accepts_losses` lets a run of kind `reconcile` mark as gone whatever is, however much at once.
    A run of kind `fetch` reads all of one `scope` and nothing else.
    """

    kind: Literal["full", "incremental", "nightly", "reconcile", "fetch"] = "full"
    scope: Literal["users", "leads", "companies"] | None = None
    accepts_losses: bool = False


class LogQuery(PageQuery):
    """Which lines of the connection log; `since` is inclusive, `until` is not."""

    kind: str = ""
    severity: Literal["info", "warning", "error"] | None = None
    search: str = ""
    since: Instant | None = None
    until: Instant | None = None


@router.post("", response={201: ConnectionOut}, auth=admin)
def connect(request: MemberRequest, body: ConnectIn) -> Status[ConnectionOut]:
    """Connect a workspace by its access token; the first sync starts by itself."""
    connection = pipeline.connect_with_token(request.auth, now=utcnow(), **body.model_dump())
    return Status(201, ConnectionOut(**queries.view_connection(connection)))


@router.get("/{id:connection_id}", response=ConnectionOut, auth=member)
def get_connection(request: MemberRequest, connection_id: int) -> ConnectionOut:
    """One connection."""
    connection = queries.get_connection(request.auth.org_id, connection_id)
    return ConnectionOut(**queries.view_connection(connection))


@router.patch("/{id:connection_id}", response=ConnectionOut, auth=admin)
def update_connection(
    request: MemberRequest, connection_id: int, body: SettingsIn
) -> ConnectionOut:
    """Change settings; more conversation days are read at once."""
    changes = body.model_dump(exclude_none=True)
    connection = pipeline.update_connection(
        request.auth, connection_id=connection_id, now=utcnow(), **changes
    )
    return ConnectionOut(**queries.view_connection(connection))


@router.delete("/{id:connection_id}", response={204: None}, auth=admin)
def disconnect(request: MemberRequest, connection_id: int) -> Status[None]:
    """Stop syncing and delete the token; customers, scores and history stay."""
    pipeline.disconnect(request.auth, connection_id=connection_id, now=utcnow())
    return Status(204, None)


@router.post("/{id:connection_id}/sync", response={202: RunOut}, auth=admin)
def request_sync(
    request: MemberRequest, connection_id: int, body: SyncIn | None = None
) -> Status[RunOut]:
    """Queue a run; where one waits already, that one is answered."""
    wanted = body or SyncIn()
    run = pipeline.request_sync(
        request.auth,
        connection_id=connection_id,
        kind=wanted.kind,
        scope=wanted.scope,
        accepts_losses=wanted.accepts_losses,
        now=utcnow(),
    )
    return Status(202, RunOut(**queries.view_run(run)))


@router.get("/{id:connection_id}/runs", response=RunsOut, auth=member)
def list_runs(
    request: MemberRequest, connection_id: int, page: Annotated[PageQuery, Query()]
) -> RunsOut:
    """Runs, newest first."""
    connection = queries.get_connection(request.auth.org_id, connection_id)
    rows, told = cut(queries.list_runs(connection), page)
    return RunsOut(runs=[RunOut(**queries.view_run(run)) for run in rows], pagination=told)


@router.get("/{id:connection_id}/runs/{id:run_id}", response=RunOut, auth=member)
def get_run(request: MemberRequest, connection_id: int, run_id: int) -> RunOut:
    """One run."""
    connection = queries.get_connection(request.auth.org_id, connection_id)
    return RunOut(**queries.view_run(queries.get_run(connection, run_id)))


@router.get("/{id:connection_id}/log", response=LogOut, auth=admin)
def list_log(
    request: MemberRequest, connection_id: int, query: Annotated[LogQuery, Query()]
) -> LogOut:
    """The connection log: runs, failed calls, setting changes, webhook gaps; newest first."""
    connection = queries.get_connection(request.auth.org_id, connection_id)
    filters = connection_log.LogFilters(
        kind=query.kind,
        severity=query.severity or "",
        search=query.search,
        since=query.since,
        until=query.until,
    )
    rows, told = cut(connection_log.find(connection, filters), query)
    lines = [
        LogEntryOut(
            id=line.pk,
            at=line.at,
            kind=line.kind,
            severity=line.severity,
            message=line.message,
            details=line.details,
        )
        for line in rows
    ]
    return LogOut(entries=lines, pagination=told)
