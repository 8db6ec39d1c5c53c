"""Asking Intercom anew what the token may do, and going on where that mends the connection."""

import asyncio
from datetime import datetime

from django.db import transaction

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.api import errors
from pulsescore.connectors.intercom.api.retry import IMPATIENT
from pulsescore.connectors.intercom.attention import calm, needs_attention
from pulsescore.connectors.intercom.clients import client_for
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    RunKind,
    Severity,
    SyncRun,
)
from pulsescore.connectors.intercom.permissions import PERMISSIONS, probe_permissions
from pulsescore.connectors.intercom.problems import ConnectDelayed
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.connectors.intercom.runs import request_run
from pulsescore.connectors.intercom.secrets import NotConnected
from pulsescore.core.errors import Conflict

_MENDED_BY_GRANTING = ("permission_missing", "plan_restricted")


def check_permissions(actor: Actor, *, connection_id: int, now: datetime) -> SyncRun | None:
    """Try each permission and store the answers; returns the run that this made possible.

    A refused token turns the connection to *Needs attention*. One that needed attention for want
    of a permission is connected again once all that it needs are granted. Raises `Forbidden`,
    `NotFound`, `Conflict` when disconnected, `ConnectDelayed` when Intercom does not answer.
    """
    actor.require(Role.ADMIN)
    connection = get_connection(actor.org_id, connection_id)
    try:
        granted = asyncio.run(_probe(connection))
    except NotConnected:
        raise Conflict("This connection has no token; connect the workspace again.") from None
    except errors.TokenRefused as error:
        needs_attention(connection, error, now=now)
        return None
    except errors.TransientApiError as error:
        raise ConnectDelayed(error) from error
    return _store(actor, connection_id, granted, now=now)


async def _probe(connection: Connection) -> dict[str, bool]:
    async with client_for(connection, patience=IMPATIENT) as client:
        return await probe_permissions(client)


def _store(
    actor: Actor, connection_id: int, granted: dict[str, bool], *, now: datetime
) -> SyncRun | None:
    with transaction.atomic():
        connection = get_connection(actor.org_id, connection_id, for_update=True)
        connection.permissions = {**connection.permissions, **granted}
        connection.permissions_checked_at = now
        mended = _is_mended(connection, granted)
        if mended:
            calm(connection)
        connection.save()
        _note(connection, granted, now=now)
        if not mended:
            return None
        return request_run(connection, kind=RunKind.INCREMENTAL, trigger="permissions", now=now)


def _is_mended(connection: Connection, granted: dict[str, bool]) -> bool:
    waited = (
        connection.status == ConnectionStatus.NEEDS_ATTENTION
        and connection.attention_code in _MENDED_BY_GRANTING
    )
    return waited and all(granted.get(one.key) for one in PERMISSIONS if one.needed)


def _note(connection: Connection, granted: dict[str, bool], *, now: datetime) -> None:
    missing = [one for one in PERMISSIONS if not granted.get(one.key)]
    words = ", ".join(one.label for one in missing)
    connection_log.write(
        connection,
        connection_log.SETTING,
        f"Permissions checked: missing {words}" if missing else "Permissions checked: all granted",
        severity=Severity.WARNING if missing else Severity.INFO,
        details={"missing": [one.key for one in missing]},
        now=now,
    )
