"""Changing the settings of a connection."""

from datetime import datetime
from enum import Enum
from typing import Any, Final

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import connection_log, probing, secrets
from pulsescore.connectors.intercom.actions.checks import (
    check_days,
    check_interval,
    check_loss,
    check_mode,
)
from pulsescore.connectors.intercom.attention import calm
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, RunKind
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.connectors.intercom.runs import request_run
from pulsescore.core.errors import Conflict, FieldFault, Invalid


class _Unchanged(Enum):
    UNCHANGED = "unchanged"


UNCHANGED: Final = _Unchanged.UNCHANGED
Unchanged = _Unchanged


def update_settings(
    actor: Actor,
    *,
    connection_id: int,
    mode: str | Unchanged = UNCHANGED,
    conversation_days: int | Unchanged = UNCHANGED,
    sync_interval_secs: int | Unchanged = UNCHANGED,
    largest_loss_percent: int | Unchanged = UNCHANGED,
    webhook_secret: str | Unchanged = UNCHANGED,
    access_token: str | Unchanged = UNCHANGED,
    now: datetime,
) -> Connection:
    """Change what is given. A new webhook secret leaves the former one valid for a day.

    A new access token must belong to the same workspace; it is tried first and ends *Needs
    attention*. More conversation days queue a full import. A reconciliation that misses more than
    `largest_loss_percent` of what is held marks nothing as gone until a person says so.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`.
    """
    actor.require(Role.ADMIN)
    known = get_connection(actor.org_id, connection_id)
    if access_token is not UNCHANGED:
        _check_token(known, access_token)
    with transaction.atomic():
        connection = get_connection(actor.org_id, connection_id, for_update=True)
        if connection.status == ConnectionStatus.DISCONNECTED:
            raise Conflict("This connection is disconnected; connect the workspace again.")
        changes = _plain_changes(connection, mode, conversation_days, sync_interval_secs)
        changes |= _changed_loss(connection, largest_loss_percent)
        if replaced := _replace_secrets(connection, webhook_secret, access_token, now=now):
            changes["replaced"] = replaced
        if not changes:
            return connection
        connection.save()
        _note(actor, connection, changes, now=now)
        if "conversation_days" in changes or access_token is not UNCHANGED:
            request_run(connection, kind=RunKind.FULL, trigger="settings", now=now)
    return connection


def _replace_secrets(
    connection: Connection,
    webhook_secret: str | Unchanged,
    access_token: str | Unchanged,
    *,
    now: datetime,
) -> list[str]:
    """Seal what was given anew, and say which that was."""
    replaced = []
    if webhook_secret is not UNCHANGED:
        secrets.seal_webhook_secret(connection, webhook_secret.strip(), now=now)
        replaced.append("webhook_secret")
    if access_token is not UNCHANGED:
        secrets.seal_token(connection, access_token.strip())
        calm(connection)
        replaced.append("access_token")
    return replaced


def _note(actor: Actor, connection: Connection, changes: dict[str, Any], *, now: datetime) -> None:
    """Write down in both logs what was changed; secrets by their names alone."""
    audit.record_by(
        actor,
        "intercom.settings_changed",
        subject=connection.workspace_id,
        details=changes,
        now=now,
    )
    connection_log.write(
        connection, connection_log.SETTING, "Settings changed", details=changes, now=now
    )


def _check_token(connection: Connection, access_token: str) -> None:
    workspace = probing.probe(access_token.strip(), region=None)
    if workspace.id != connection.workspace_id:
        raise Invalid(
            FieldFault(
                "access_token",
                f"This token belongs to the workspace {workspace.name}, not to "
                f"{connection.workspace_name}.",
            )
        )


def _plain_changes(
    connection: Connection,
    mode: str | Unchanged,
    conversation_days: int | Unchanged,
    sync_interval_secs: int | Unchanged,
) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if mode is not UNCHANGED and mode != connection.mode:
        check_mode(mode)
        connection.mode = changes["mode"] = mode
    if conversation_days is not UNCHANGED and conversation_days != connection.conversation_days:
        check_days(conversation_days)
        connection.conversation_days = changes["conversation_days"] = conversation_days
    if sync_interval_secs is not UNCHANGED and sync_interval_secs != connection.sync_interval_secs:
        check_interval(sync_interval_secs)
        connection.sync_interval_secs = changes["sync_interval_secs"] = sync_interval_secs
    return changes


def _changed_loss(connection: Connection, percent: int | Unchanged) -> dict[str, Any]:
    if percent is UNCHANGED or percent == connection.largest_loss_percent:
        return {}
    check_loss(percent)
    connection.largest_loss_percent = percent
    return {"largest_loss_percent": percent}
