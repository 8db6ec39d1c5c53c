"""Reads of the mapping tables and of the definitions that they are judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from pulsescore.connectors.intercom.mappings.fields import (
    CUSTOM,
    Definition,
    MappedKind,
    Row,
    Unwritable,
    target_of,
)
from pulsescore.connectors.intercom.mappings.models import OutgoingMapping
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry

# Intercom's word: so many custom attributes, of contacts and companies together.
MOST_CUSTOM: Final = 250


@dataclass(frozen=True, kw_only=True)
class Table:
    """All that `outgoing.desired` needs for contacts, or for companies, of a connection."""

    rows: list[Row]
    definitions: Mapping[str, Definition]


def load_table(connection: Connection, kind: MappedKind) -> Table:
    """The outgoing rows about contacts, or about companies, with the definitions."""
    rows = [row for row in list_outgoing(connection) if row.object == kind]
    return Table(rows=rows, definitions=definitions_of(connection, kind) if rows else {})


def list_outgoing(connection: Connection) -> list[Row]:
    """The outgoing table, in its order."""
    stored = OutgoingMapping.objects.for_org(connection.org_id).filter(connection=connection)
    return [
        Row(
            object=cast(MappedKind, row.object),
            attribute=row.attribute,
            intercom=row.intercom,
            overwrite=row.overwrite,
        )
        for row in stored.order_by("position", "pk")
    ]


def definitions_of(connection: Connection, kind: MappedKind) -> dict[str, Definition]:
    """Definitions of attributes, standard and custom, by full name, as last read."""
    known = DirectoryEntry.objects.for_org(connection.org_id).filter(
        connection=connection, kind=f"{kind}_attribute"
    )
    return {row.external_id: _definition(row) for row in known.order_by("external_id")}


def faults_of(rows: Sequence[Row], definitions: Mapping[str, Definition]) -> dict[str, str]:
    """Why rows send nothing to anybody, by Intercom's name; those that are fine are left out."""
    faults = {}
    for row in rows:
        try:
            target_of(row.object, row.intercom, definitions)
        except Unwritable as fault:
            faults[row.intercom] = str(fault)
    return faults


def missing_in(rows: Sequence[Row], definitions: Mapping[str, Definition]) -> list[Row]:
    """Rows for custom attributes that Intercom does not have, or has put away."""
    return [row for row in rows if is_missing(row.intercom, definitions)]


def is_missing(name: str, definitions: Mapping[str, Definition]) -> bool:
    """Whether this is a custom attribute that would have to be made, or brought back."""
    known = definitions.get(name)
    return name.startswith(CUSTOM) and (known is None or known.archived)


def count_custom(connection: Connection) -> int:
    """How many custom attributes the workspace has, of the `MOST_CUSTOM` that it may have."""
    known = DirectoryEntry.objects.for_org(connection.org_id).filter(
        connection=connection,
        kind__in=["contact_attribute", "company_attribute"],
        details__custom=True,
    )
    return known.exclude(details__archived=True).count()


def archived_ids(connection: Connection) -> dict[tuple[str, str], str]:
    """Intercom's ids of archived custom attributes, by object and full name."""
    known = DirectoryEntry.objects.for_org(connection.org_id).filter(
        connection=connection,
        kind__in=["contact_attribute", "company_attribute"],
        details__archived=True,
    )
    return {
        (row.kind.removesuffix("_attribute"), row.external_id): row.details["id"]
        for row in known
        if row.details.get("id")
    }


def _definition(row: DirectoryEntry) -> Definition:
    told = row.details
    return Definition(
        name=row.external_id,
        label=row.name,
        data_type=told.get("data_type") or "string",
        options=tuple(_option(one) for one in told.get("options") or ()),
        writable=told.get("api_writable") is not False,
        custom=bool(told.get("custom")),
        archived=bool(told.get("archived")),
    )


def _option(told: object) -> str:
    """Options come as text, or as objects with a value."""
    return str(told.get("value", "")) if isinstance(told, dict) else str(told)
