"""Connecting a workspace: the token is tried first, then everything is stored at once."""

from datetime import datetime

from django.db import IntegrityError, transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import connection_log, probing, secrets
from pulsescore.connectors.intercom.actions.checks import check_days, check_mode, check_region
from pulsescore.connectors.intercom.attention import calm
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, Mode, RunKind
from pulsescore.connectors.intercom.runs import request_run
from pulsescore.core.errors import Conflict, FieldFault, Invalid
from pulsescore.store.sources import create_source

SOURCE_KIND = "intercom"


def connect_with_token(
    actor: Actor,
    *,
    access_token: str,
    region: str | None = None,
    mode: str = Mode.READ_ONLY,
    webhook_secret: str | None = None,
    conversation_days: int = 90,
    now: datetime,
) -> Connection:
    """Connect the workspace of this access token and queue its first sync.

    A workspace that was connected before keeps its row, and so its customers. Raises `Forbidden`,
    `Invalid` (`ConnectFailed` says why), `ConnectDelayed`, and `Conflict` when the workspace is
    connected already; nothing is stored then.
    """
    actor.require(Role.ADMIN)
    check_mode(mode)
    check_days(conversation_days)
    region = check_region(region)
    access_token = access_token.strip()
    if not access_token or not access_token.isascii() or not access_token.isprintable():
        raise Invalid(FieldFault("access_token", "Paste the access token as Intercom shows it."))
    workspace = probing.probe(access_token, region=region)
    try:
        with transaction.atomic():
            connection = _row_for(actor, workspace, now=now)
            connection.mode = mode
            connection.conversation_days = conversation_days
            secrets.seal_token(connection, access_token)
            if webhook_secret is not None:
                secrets.seal_webhook_secret(connection, webhook_secret.strip(), now=now)
            _mark_connected(connection, workspace, now=now)
            audit.record_by(
                actor,
                "intercom.connected",
                subject=connection.workspace_id,
                details={"mode": mode, "region": workspace.region},
                now=now,
            )
            connection_log.write(connection, connection_log.SETTING, "Connected", now=now)
            request_run(connection, kind=RunKind.FULL, trigger="connect", now=now)
    except IntegrityError as error:
        raise _already_connected(workspace) from error
    return connection


def connect_with_code(
    actor: Actor,
    *,
    code: str,
    region: str | None = None,
    mode: str = Mode.READ_ONLY,
    conversation_days: int = 90,
    now: datetime,
) -> Connection:
    """Connect with the code of an OAuth redirect; as `connect_with_token` otherwise."""
    actor.require(Role.ADMIN)
    access_token = probing.exchange(code, region=region or None)
    return connect_with_token(
        actor,
        access_token=access_token,
        region=region or None,
        mode=mode,
        conversation_days=conversation_days,
        now=now,
    )


def _row_for(actor: Actor, workspace: probing.Workspace, *, now: datetime) -> Connection:
    known = (
        Connection.objects.for_org(actor.org_id)
        .select_for_update()
        .filter(workspace_id=workspace.id)
        .first()
    )
    if known is not None:
        if known.status in (ConnectionStatus.CONNECTED, ConnectionStatus.SYNCING):
            raise _already_connected(workspace)
        return known
    connection = Connection(
        org_id=actor.org_id,
        source=create_source(actor.org_id, SOURCE_KIND),
        workspace_id=workspace.id,
        status=ConnectionStatus.CONNECTED,
        connected_at=now,
    )
    connection.save(force_insert=True)
    return connection


def _mark_connected(connection: Connection, workspace: probing.Workspace, *, now: datetime) -> None:
    connection.workspace_name = workspace.name
    connection.workspace_time_zone = workspace.time_zone
    connection.region = workspace.region
    connection.connected_at = now
    connection.disconnected_at = None
    connection.permissions = {}
    calm(connection)
    connection.save()


def _already_connected(workspace: probing.Workspace) -> Conflict:
    return Conflict(f"The workspace {workspace.name} is already connected.")
