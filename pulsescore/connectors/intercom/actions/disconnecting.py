"""Disconnecting: secrets go, runs end, everything imported stays."""

from datetime import datetime

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import connection_log, secrets
from pulsescore.connectors.intercom.attention import calm
from pulsescore.connectors.intercom.models import ConnectionStatus
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.connectors.intercom.runs import cancel_runs


def disconnect(actor: Actor, *, connection_id: int, now: datetime) -> None:
    """Stop syncing and webhooks and delete the token; disconnecting twice does nothing more."""
    actor.require(Role.ADMIN)
    with transaction.atomic():
        connection = get_connection(actor.org_id, connection_id, for_update=True)
        if connection.status == ConnectionStatus.DISCONNECTED:
            return
        cancel_runs(connection, reason="The connection was disconnected.", now=now)
        secrets.forget(connection)
        calm(connection)
        connection.status = ConnectionStatus.DISCONNECTED
        connection.disconnected_at = now
        connection.save()
        audit.record_by(actor, "intercom.disconnected", subject=connection.workspace_id, now=now)
        connection_log.write(connection, connection_log.SETTING, "Disconnected", now=now)
