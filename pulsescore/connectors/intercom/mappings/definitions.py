"""Reading Intercom's definitions of attributes again, and adding those that are missing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.api import errors
from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.retry import IMPATIENT
from pulsescore.connectors.intercom.api.schemas import DataAttribute
from pulsescore.connectors.intercom.attention import needs_attention
from pulsescore.connectors.intercom.clients import client_for
from pulsescore.connectors.intercom.inbound.directory import replace_definitions
from pulsescore.connectors.intercom.mappings.fields import CUSTOM, MappedKind, Row
from pulsescore.connectors.intercom.mappings.observed import types_of
from pulsescore.connectors.intercom.mappings.queries import (
    MOST_CUSTOM,
    archived_ids,
    count_custom,
    definitions_of,
    is_missing,
    list_outgoing,
)
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.problems import ConnectDelayed
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.connectors.intercom.secrets import NotConnected
from pulsescore.core.errors import Conflict, FieldFault, Invalid

T = TypeVar("T")
_KINDS: Final[tuple[MappedKind, ...]] = ("contact", "company")
_Definitions = dict[MappedKind, list[DataAttribute]]
_READ_ONLY: Final = (
    "This connection is read only, so nothing can be added to Intercom. Switch it to two-way first."
)


@dataclass(kw_only=True)
class _Made:
    """What came of making attributes."""

    rows: list[Row] = field(default_factory=list)
    refused: list[tuple[Row, str]] = field(default_factory=list)
    definitions: _Definitions = field(default_factory=dict)


def refresh_definitions(actor: Actor, connection_id: int, *, now: datetime) -> Connection:
    """Read all definitions of attributes from Intercom, and keep those only.

    Raises `Forbidden`, `NotFound`, `Conflict` when disconnected or not allowed to read them,
    `ConnectDelayed` when Intercom does not answer.
    """
    actor.require(Role.ADMIN)
    connection = get_connection(actor.org_id, connection_id)
    _store(connection, _ask(connection, _read, now=now), now=now)
    return connection


def create_missing(
    actor: Actor, connection_id: int, names: Sequence[str], *, now: datetime
) -> list[str]:
    """Make custom attributes that outgoing rows name and Intercom lacks; returns those made.

    Each gets the type of our attribute; one that is archived there is brought back instead. What
    Intercom refuses is told with its own word, and the others are made all the same. Raises
    `Invalid`, `Conflict` over a read-only connection, and whatever refreshing raises.
    """
    connection = refresh_definitions(actor, connection_id, now=now)
    if connection.mode != Mode.TWO_WAY:
        raise Conflict(_READ_ONLY)
    wanted = _wanted(connection, names)
    types, archived = _types(connection, wanted), archived_ids(connection)
    made = _ask(
        connection, lambda client: _make(client, wanted, types=types, archived=archived), now=now
    )
    with transaction.atomic():
        _store(connection, made.definitions, now=now)
        if made.rows:
            _note(actor, connection, made.rows, now=now)
    if made.refused:
        raise Invalid(*(_fault(names, row, said) for row, said in made.refused))
    return [row.intercom for row in made.rows]


async def _make(
    client: IntercomClient,
    rows: Sequence[Row],
    *,
    types: Mapping[Row, str],
    archived: Mapping[tuple[str, str], str],
) -> _Made:
    made = _Made()
    for row in rows:
        known = archived.get((row.object, row.intercom))
        name = row.intercom.removeprefix(CUSTOM)
        try:
            if known is not None:
                await client.restore_attribute(known)
            else:
                await client.create_attribute(model=row.object, name=name, data_type=types[row])
        except errors.RequestRefused as error:
            made.refused.append((row, error.failure.message or error.failure.code))
        else:
            made.rows.append(row)
    made.definitions = await _read(client)
    return made


async def _read(client: IntercomClient) -> _Definitions:
    return {kind: (await client.data_attributes(kind)).items for kind in _KINDS}


def _ask(
    connection: Connection,
    call: Callable[[IntercomClient], Awaitable[T]],
    *,
    now: datetime,
) -> T:
    async def asked() -> T:
        async with client_for(connection, patience=IMPATIENT) as client:
            return await call(client)

    try:
        return asyncio.run(asked())
    except NotConnected:
        raise Conflict("This connection has no token; connect the workspace again.") from None
    except errors.TokenRefused as error:
        needs_attention(connection, error, now=now)
        raise Conflict("Intercom no longer accepts the access token of this connection.") from error
    except (errors.PermissionMissing, errors.PlanRestricted) as error:
        raise Conflict(
            "The access token may not do this. Grant it “Write data attributes” in Intercom's"
            " Developer Hub."
        ) from error
    except errors.TransientApiError as error:
        raise ConnectDelayed(error) from error


def _store(connection: Connection, read: _Definitions, *, now: datetime) -> None:
    with transaction.atomic():
        for kind, items in read.items():
            replace_definitions(connection, f"{kind}_attribute", items, now=now)


def _wanted(connection: Connection, names: Sequence[str]) -> list[Row]:
    """The rows that name these attributes; raises `Invalid` for those that none asks for."""
    definitions = {kind: definitions_of(connection, kind) for kind in _KINDS}
    missing = [
        row
        for row in list_outgoing(connection)
        if row.intercom in names and is_missing(row.intercom, definitions[row.object])
    ]
    found = {row.intercom for row in missing}
    faults = [
        FieldFault(f"names.{index}", f"No outgoing row needs {name} to be made.")
        for index, name in enumerate(names)
        if name not in found
    ]
    room = MOST_CUSTOM - count_custom(connection)
    if len(missing) > room:
        message = (
            f"A workspace can have {MOST_CUSTOM} custom attributes, and this one has room for"
            f" {max(room, 0)}. Archive some in Intercom first."
        )
        faults.append(FieldFault("names", message))
    if faults:
        raise Invalid(*faults)
    return missing


def _types(connection: Connection, rows: Sequence[Row]) -> dict[Row, str]:
    by_kind = {
        kind: types_of(
            connection.org_id, kind, {row.attribute for row in rows if row.object == kind}
        )
        for kind in _KINDS
    }
    return {row: by_kind[row.object][row.attribute] for row in rows}


def _fault(names: Sequence[str], row: Row, said: str) -> FieldFault:
    return FieldFault(f"names.{list(names).index(row.intercom)}", f"Intercom refused it: {said}")


def _note(actor: Actor, connection: Connection, rows: Sequence[Row], *, now: datetime) -> None:
    details = {"attributes": [f"{row.object}: {row.intercom}" for row in rows]}
    audit.record_by(
        actor,
        "intercom.attributes_created",
        subject=connection.workspace_id,
        details=details,
        now=now,
    )
    connection_log.write(
        connection,
        connection_log.SETTING,
        "Custom attributes made in Intercom",
        details=details,
        now=now,
    )
