"""Sending out: what people ask for, what the worker does, and the wake-ups between them."""

from collections.abc import Callable
from datetime import datetime

from asgiref.sync import sync_to_async
from django.db import transaction

from pulsescore.accounts.access import Actor
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.outbound import actions, dry_runs, send_runs
from pulsescore.connectors.intercom.outbound.actions import OutboundWish
from pulsescore.connectors.intercom.outbound.actions.saving import mark_concerned
from pulsescore.connectors.intercom.outbound.models import OutboundSettings, WriteRecord
from pulsescore.connectors.intercom.outbound.queries import connections_with_work, prune
from pulsescore.connectors.intercom.outbound.run_models import DryRun, SendRun, SendScope
from pulsescore.connectors.intercom.outbound.sending import send_due
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.core.clock import utcnow
from pulsescore.pipeline.circles import refuse_settings
from pulsescore.pipeline.wake import wake
from pulsescore.store import joining


@transaction.atomic
def save_outbound(
    actor: Actor, *, connection_id: int, wish: OutboundWish, now: datetime
) -> OutboundSettings:
    """Save who and what is sent, and have what follows from it planned.

    Raises `Invalid`, too, where segments would follow their own names round and round.
    """
    settings = actions.save_outbound(actor, connection_id, wish=wish, now=now)
    if wish.tag_segments:
        refuse_settings(settings.connection)
    _wake(connection_id)
    return settings


def request_send(
    actor: Actor,
    *,
    connection_id: int,
    scope: str = SendScope.EVERYBODY,
    segment_id: int | None = None,
    now: datetime,
) -> SendRun:
    """Have everybody chosen, users, leads, companies or a segment compared and sent."""
    wanted = SendScope.SEGMENT if segment_id is not None else SendScope(scope)
    run = actions.request_send(actor, connection_id, scope=wanted, segment_id=segment_id, now=now)
    _wake(connection_id)
    return run


def request_dry_run(
    actor: Actor, *, connection_id: int, segment_id: int | None = None, now: datetime
) -> DryRun:
    """Have the worker find out what would be written."""
    run = dry_runs.request_dry_run(actor, connection_id, segment_id=segment_id, now=now)
    wake("make_dry_run", dry_run_id=run.pk)
    return run


def make_dry_run(dry_run_id: int, *, now: Callable[[], datetime] = utcnow) -> None:
    """Find out what would be written."""
    dry_runs.execute(dry_run_id, now=now)


def stop_send(actor: Actor, *, connection_id: int, run_id: int, now: datetime) -> SendRun:
    """Send nobody more for one run."""
    return actions.stop_send(actor, connection_id, run_id, now=now)


def send_customer(
    actor: Actor, *, connection_id: int, customer_id: int, now: datetime
) -> Connection:
    """Have one customer sent."""
    connection = actions.send_customer(actor, connection_id, customer_id=customer_id, now=now)
    _wake(connection_id)
    return connection


def stop(actor: Actor, *, connection_id: int, now: datetime) -> OutboundSettings:
    """Send nothing more."""
    return actions.stop(actor, connection_id, now=now)


def resume(actor: Actor, *, connection_id: int, now: datetime) -> OutboundSettings:
    """Send again what waits."""
    settings = actions.resume(actor, connection_id, now=now)
    _wake(connection_id)
    return settings


def confirm(actor: Actor, *, connection_id: int, now: datetime) -> int:
    """Have a large run sent that waited for a person's word."""
    count = actions.confirm(actor, connection_id, now=now)
    _wake(connection_id)
    return count


def discard(actor: Actor, *, connection_id: int, now: datetime) -> int:
    """Drop a large run that waited for a person's word."""
    return actions.discard(actor, connection_id, now=now)


def tag_customer(
    actor: Actor, *, customer_id: int, name: str, is_on: bool = True, now: datetime
) -> Connection:
    """Put a tag on one contact in Intercom, or take it off."""
    connection = actions.tag_customer(actor, customer_id, name=name, is_on=is_on, now=now)
    _wake(connection.pk)
    return connection


def refresh_customer(actor: Actor, *, customer_id: int, now: datetime) -> Connection:
    """Have one contact read again from Intercom."""
    connection = actions.refresh_customer(actor, customer_id, now=now)
    wake("drain_inbox", connection_id=connection.pk)
    return connection


def undo(actor: Actor, *, connection_id: int, write_id: int, now: datetime) -> WriteRecord:
    """Have one write undone."""
    connection = get_connection(actor.org_id, connection_id)
    write = actions.undo(actor, connection, write_id, now=now)
    _wake(connection_id)
    return write


def look_at_everybody(connection: Connection, *, now: datetime) -> None:
    """After the access mode changed: whoever is chosen is looked at, if anybody is."""
    send_runs.end_unable(now=now, connection_id=connection.pk)
    settings = settings_of(connection)
    if connection.mode == Mode.TWO_WAY and settings.is_saved:
        mark_concerned(connection, settings, now=now)
        _wake(connection.pk)


async def send_outbound(connection_id: int, *, now: Callable[[], datetime] = utcnow) -> int:
    """Send what is due over a connection, and have what came back scored."""
    worked = await send_due(connection_id, now=now)
    if worked:
        await sync_to_async(_after_sending)(connection_id)
    return worked


def wake_sending(org_id: int, *, now: datetime) -> None:
    """Wake the sending of every connection of an organization that has something to send."""
    for connection_id in connections_with_work(now=now, org_id=org_id):
        _wake(connection_id)


def look_around(*, now: datetime) -> None:
    """Each minute: wake what waits, whoever left it there, and end what cannot go on."""
    send_runs.end_unable(now=now)
    for dry_run_id in dry_runs.waiting_ids():
        wake("make_dry_run", dry_run_id=dry_run_id)
    for connection_id in connections_with_work(now=now):
        _wake(connection_id)


def forget_old(*, now: datetime) -> int:
    """Each night: forget old lines of the write log, and old dry runs."""
    dry_runs.prune(now=now)
    return prune(now=now)


def _wake(connection_id: int) -> None:
    """Wake the worker that sends over a connection."""
    wake("send_outbound", connection_id=connection_id)


def _after_sending(connection_id: int) -> None:
    rows = Connection.objects.across_orgs("a job names its connection by id")
    connection = rows.get(pk=connection_id)
    joining.join_marked(org_id=connection.org_id, now=utcnow())
    wake("rescore_pending", org_id=connection.org_id)
