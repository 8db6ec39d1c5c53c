"""The stop button, and the word that a large run waits for."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import send_runs
from pulsescore.connectors.intercom.outbound.models import (
    OutboundSettings,
    OutboundTask,
    TaskState,
)
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.core.errors import Conflict

_DROPPED: Final = "Dropped before it was sent."


@transaction.atomic
def stop(actor: Actor, connection_id: int, *, now: datetime) -> OutboundSettings:
    """Send nothing more; what is under way at this moment ends, the rest waits."""
    connection, settings = _known(actor, connection_id)
    if not settings.is_stopped:
        settings.is_stopped, settings.stopped_at = True, now
        settings.save()
        _record(actor, connection, "intercom.sending_stopped", "Sending was stopped", now=now)
    return settings


@transaction.atomic
def resume(actor: Actor, connection_id: int, *, now: datetime) -> OutboundSettings:
    """Send again what waits."""
    connection, settings = _known(actor, connection_id)
    if settings.is_stopped:
        settings.is_stopped, settings.stopped_at = False, None
        settings.save()
        _record(actor, connection, "intercom.sending_resumed", "Sending goes on", now=now)
    return settings


@transaction.atomic
def confirm(actor: Actor, connection_id: int, *, now: datetime) -> int:
    """Have a large run sent that waits for a person's word; returns how many rows it has."""
    connection, settings = _known(actor, connection_id)
    held = _held(connection)
    waiting = send_runs.held_runs(connection)
    confirmed = held.update(state=TaskState.WAITING, is_confirmed=True, next_at=now)
    _end_waiting(settings)
    send_runs.let_go(waiting)
    if confirmed:
        text = f"{confirmed} changes were confirmed"
        _record(actor, connection, "intercom.sending_confirmed", text, now=now, count=confirmed)
    return confirmed


@transaction.atomic
def discard(actor: Actor, connection_id: int, *, now: datetime) -> int:
    """Drop a large run; whoever changes afterwards is looked at again. Returns how many rows."""
    connection, settings = _known(actor, connection_id)
    dropped = _held(connection).count()
    for run in send_runs.held_runs(connection):
        send_runs.end_early(run, reason=_DROPPED, now=now)
    _held(connection).delete()
    _end_waiting(settings)
    if dropped:
        text = f"{dropped} changes were dropped"
        _record(actor, connection, "intercom.sending_discarded", text, now=now, count=dropped)
    return dropped


def _known(actor: Actor, connection_id: int) -> tuple[Connection, OutboundSettings]:
    actor.require(Role.ADMIN)
    connection = get_connection(actor.org_id, connection_id)
    settings = settings_of(connection, for_update=True)
    if not settings.is_saved:
        raise Conflict("This connection sends nothing yet: choose first who is sent.")
    return connection, settings


def _held(connection: Connection) -> QuerySet[OutboundTask]:
    rows = OutboundTask.objects.for_org(connection.org_id).filter(connection=connection)
    return rows.filter(state=TaskState.HELD)


def _end_waiting(settings: OutboundSettings) -> None:
    settings.waiting_since = None
    settings.save(update_fields=["waiting_since"])


def _record(
    actor: Actor, connection: Connection, deed: str, text: str, *, now: datetime, **details: int
) -> None:
    audit.record_by(actor, deed, subject=connection.workspace_id, details=details, now=now)
    connection_log.write(connection, connection_log.SETTING, text, details=details, now=now)
