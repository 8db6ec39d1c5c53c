"""Saving the mapping tables of a connection."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.mappings.bringing import rows_of
from pulsescore.connectors.intercom.mappings.checks import checked_incoming, checked_outgoing
from pulsescore.connectors.intercom.mappings.fields import Row
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow
from pulsescore.connectors.intercom.mappings.models import (
    IncomingMapping,
    MappingMark,
    OutgoingMapping,
)
from pulsescore.connectors.intercom.mappings.queries import list_outgoing
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.core.errors import Conflict, FieldFault, Invalid


def save_mappings(
    actor: Actor,
    connection_id: int,
    *,
    incoming: Sequence[IncomingRow] | None = None,
    outgoing: Sequence[Row] | None = None,
    now: datetime,
) -> Connection:
    """Replace the tables that are given; the other one stays.

    Everybody is marked to be gone through once. Raises `Forbidden`, `NotFound`, `Conflict` when
    disconnected, `Invalid` with the path of each fault.
    """
    actor.require(Role.ADMIN)
    faults: list[FieldFault] = []
    inward = _collecting(faults, checked_incoming, incoming)
    outward = _collecting(faults, checked_outgoing, outgoing)
    if faults:
        raise Invalid(*faults)
    with transaction.atomic():
        connection = get_connection(actor.org_id, connection_id, for_update=True)
        if connection.status == ConnectionStatus.DISCONNECTED:
            raise Conflict("This connection is disconnected; connect the workspace again.")
        changes: dict[str, Any] = {}
        if inward is not None and inward != rows_of(connection):
            _replace(IncomingMapping, connection, inward)
            changes["incoming"] = [f"{row.intercom} → {row.attribute}" for row in inward]
        if outward is not None and outward != list_outgoing(connection):
            _replace(OutgoingMapping, connection, outward)
            changes["outgoing"] = [f"{row.attribute} → {row.intercom}" for row in outward]
        if changes:
            _mark(connection, now=now)
            _note(actor, connection, changes, now=now)
    return connection


def _collecting(faults: list[FieldFault], check: Any, rows: Sequence[Any] | None) -> Any:
    if rows is None:
        return None
    try:
        return check(rows)
    except Invalid as invalid:
        faults += invalid.faults
        return []


def _replace(
    table: type[models.Model], connection: Connection, rows: Sequence[Row | IncomingRow]
) -> None:
    manager: Any = table._default_manager
    stored = manager.for_org(connection.org_id)
    stored.filter(connection=connection).delete()
    stored.bulk_create(_rows(table, connection, rows))


def _rows(
    table: type[models.Model], connection: Connection, rows: Sequence[Row | IncomingRow]
) -> Iterator[models.Model]:
    for position, row in enumerate(rows):
        told = {name: getattr(row, name) for name in row.__struct_fields__}
        yield table(org_id=connection.org_id, connection=connection, position=position, **told)


def _mark(connection: Connection, *, now: datetime) -> None:
    MappingMark.objects.for_org(connection.org_id).update_or_create(
        connection=connection,
        defaults={"changed_at": now, "reached_customer": 0, "reached_company": 0},
        create_defaults={"org_id": connection.org_id, "changed_at": now},
    )


def _note(actor: Actor, connection: Connection, changes: dict[str, Any], *, now: datetime) -> None:
    audit.record_by(
        actor,
        "intercom.mappings_saved",
        subject=connection.workspace_id,
        details=changes,
        now=now,
    )
    connection_log.write(
        connection, connection_log.SETTING, "Mapping tables saved", details=changes, now=now
    )
