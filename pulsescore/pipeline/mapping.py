"""Mapping tables: saved by a person, then everybody known is gone through once by a job."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from pulsescore.accounts.access import Actor
from pulsescore.connectors.intercom.mappings import actions, going_through
from pulsescore.connectors.intercom.mappings.fields import Row
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow
from pulsescore.connectors.intercom.models import Connection
from pulsescore.pipeline.circles import refuse_tables
from pulsescore.pipeline.wake import wake


@transaction.atomic
def save_mappings(
    actor: Actor,
    connection_id: int,
    *,
    incoming: Sequence[IncomingRow] | None = None,
    outgoing: Sequence[Row] | None = None,
    now: datetime,
) -> Connection:
    """As `mappings.actions.save_mappings`, which tells what it raises.

    Raises `Invalid`, too, where segments would follow their own names round and round.
    """
    connection = actions.save_mappings(
        actor, connection_id, incoming=incoming, outgoing=outgoing, now=now
    )
    refuse_tables(connection)
    wake("apply_mappings", connection_id=connection.pk)
    return connection


def apply_mappings(connection_id: int, *, now: datetime) -> None:
    """Go through everybody after the tables changed."""
    org_id = going_through.go_through(connection_id, now=now)
    if org_id is not None:
        wake("rescore_pending", org_id=org_id)


def wake_mappings() -> None:
    """Wake what a crash left lying."""
    for connection_id in going_through.connections_to_go_through():
        wake("apply_mappings", connection_id=connection_id)
