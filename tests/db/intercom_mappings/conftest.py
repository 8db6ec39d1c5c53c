"""A connected workspace without customers, and ways to store some and to save tables."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role
from pulsescore.connectors.intercom.mappings.actions import save_mappings
from pulsescore.connectors.intercom.mappings.bringing import bring_in
from pulsescore.connectors.intercom.mappings.fields import Row
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry
from pulsescore.store import write
from pulsescore.store.models import Customer
from tests import seeding

NOW = datetime(2026, 5, 2, tzinfo=UTC)


@dataclass
class Workspace:
    """One connection and the admin who sets it up."""

    connection: Connection
    admin: Actor

    @property
    def org_id(self) -> int:
        return self.connection.org_id

    def store(self, *records: Any) -> frozenset[int]:
        """As an import, a notification or a refetch does it; returns whom mapping changed."""
        changed = write.apply(
            org_id=self.org_id, source_id=self.connection.source_id, records=records, now=NOW
        )
        return bring_in(self.connection, changed.customers, now=NOW)

    def map_in(self, *rows: IncomingRow) -> None:
        save_mappings(self.admin, self.connection.pk, incoming=rows, now=NOW)

    def map_out(self, *rows: Row) -> None:
        save_mappings(self.admin, self.connection.pk, outgoing=rows, now=NOW)

    def customer(self, name: str = "ann") -> Customer:
        return Customer.objects.for_org(self.org_id).get(external_id=name)

    def define(self, name: str, kind: str = "contact", **details: Any) -> None:
        DirectoryEntry(
            org_id=self.org_id,
            connection=self.connection,
            kind=f"{kind}_attribute",
            external_id=name,
            name=name,
            details={"data_type": "string", "custom": True, "api_writable": True, **details},
            seen_at=NOW,
        ).save(force_insert=True)


@pytest.fixture
def workspace(db: None) -> Workspace:
    organization = Organization.objects.create(name="Acme")
    connection = seeding.connect(organization.pk, now=NOW)
    actor = Actor(user=None, org_id=organization.pk, role=Role.ADMIN, via="command")
    return Workspace(connection, actor)
