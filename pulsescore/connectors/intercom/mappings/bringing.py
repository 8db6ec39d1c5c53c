"""Bringing what Intercom tells into our own attributes, in the transaction that stored it."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final

from pulsescore.connectors.intercom.mappings.fields import CUSTOM
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow, Told, values_told
from pulsescore.connectors.intercom.mappings.models import IncomingMapping
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry
from pulsescore.store.models import Customer
from pulsescore.store.traits import TraitChange, apply_traits

_AT_A_TIME: Final = 2000
_COLUMNS: Final = (
    "pk",
    "attributes",
    "metadata",
    "tags",
    "remote_updated_at",
    "observed_at",
)


def bring_in(
    connection: Connection, customer_ids: Collection[int], *, now: datetime
) -> frozenset[int]:
    """Take over what the incoming table asks for, of customers that were just stored.

    Call it in that transaction. Returns whom it changed; they are marked. What is known already
    writes nothing, and without an incoming table it costs one look.
    """
    rows = rows_of(connection) if customer_ids else []
    if not rows:
        return frozenset()
    dates = _dates(connection)
    known = Customer.objects.for_org(connection.org_id).filter(
        source_id=connection.source_id, pk__in=customer_ids, deleted_at=None
    )
    told = [
        TraitChange(customer_id=customer_id, values=values, at=at)
        for customer_id, *row in known.order_by("pk").values_list(*_COLUMNS).iterator(_AT_A_TIME)
        for values, at in values_told(_told(row), rows, dates=dates)
    ]
    return apply_traits(org_id=connection.org_id, changes=told, now=now)


def rows_of(connection: Connection) -> list[IncomingRow]:
    """The incoming table, in its order."""
    stored = IncomingMapping.objects.for_org(connection.org_id).filter(connection=connection)
    return [
        IncomingRow(intercom=row.intercom, attribute=row.attribute, overwrite=row.overwrite)
        for row in stored.order_by("position", "pk")
    ]


def _dates(connection: Connection) -> frozenset[str]:
    known = DirectoryEntry.objects.for_org(connection.org_id).filter(
        connection=connection,
        kind="contact_attribute",
        external_id__startswith=CUSTOM,
        details__data_type__in=["date", "datetime"],
    )
    return frozenset(known.values_list("external_id", flat=True))


def _told(row: list[Any]) -> Told:
    attributes, metadata, tags, version, observed_at = row
    return Told(
        attributes=attributes,
        metadata=metadata,
        tags=tags,
        at=(version or observed_at).astimezone(UTC),
    )
