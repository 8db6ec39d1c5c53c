"""An organization with one source, and a shop assistant who hands records to the door."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from pulsescore.accounts.models import Organization
from pulsescore.store import write
from pulsescore.store.models import (
    Company,
    Conversation,
    Customer,
    HeldRecord,
    Participant,
    TimelineEvent,
    Tombstone,
)
from pulsescore.store.sources import create_source
from pulsescore.store.write import Changed
from tests.unit.store.builders import at

TABLES = (
    "customer",
    "company",
    "companymember",
    "conversation",
    "participant",
    "conversationactivity",
    "timelineevent",
    "heldrecord",
    "tombstone",
    "dirtycustomer",
    "dirtycompany",
    "identity",
)


@dataclass
class Store:
    """One source of one organization, written through the door and read from the tables."""

    org_id: int
    source_id: int
    now: datetime = field(default_factory=lambda: at(10_000))

    def apply(self, *records: Any) -> Changed:
        return write.apply(
            org_id=self.org_id, source_id=self.source_id, records=records, now=self.now
        )

    def customer(self, name: str = "ann") -> Customer:
        return Customer.objects.for_org(self.org_id).get(external_id=name)

    def has_customer(self, name: str = "ann") -> bool:
        rows = Customer.objects.for_org(self.org_id)
        return rows.filter(external_id=name, deleted_at=None).exists()

    def company(self, name: str = "acme") -> Company:
        return Company.objects.for_org(self.org_id).get(external_id=name)

    def talk(self, name: str = "c1") -> Conversation:
        return Conversation.objects.for_org(self.org_id).get(external_id=name)

    def people_of(self, name: str = "c1") -> list[str]:
        taken_part = Participant.objects.for_org(self.org_id).filter(conversation=self.talk(name))
        return sorted(taken_part.values_list("customer__external_id", flat=True))

    def events_of(self, name: str = "ann") -> list[str]:
        rows = TimelineEvent.objects.for_org(self.org_id).filter(customer=self.customer(name))
        return sorted(rows.values_list("dedupe_key", flat=True))

    def held(self) -> dict[str, str]:
        rows = HeldRecord.objects.for_org(self.org_id)
        return dict(rows.values_list("external_id", "reason"))

    def tombstones(self) -> dict[str, str]:
        rows = Tombstone.objects.for_org(self.org_id)
        return dict(rows.values_list("external_id", "reason"))

    def row_versions(self) -> list[tuple[Any, ...]]:
        """Which transaction wrote each row last: the proof that nothing was written since."""
        found: list[tuple[Any, ...]] = []
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(
                    f"SELECT %s, ctid::text, xmin::text, cmin::text FROM store_{table}"
                    " WHERE org_id = %s ORDER BY ctid",
                    [table, self.org_id],
                )
                found += cursor.fetchall()
        return found


def new_store(name: str = "Acme") -> Store:
    """A source of a new organization."""
    org = Organization.objects.create(name=name)
    return Store(org.pk, create_source(org.pk, "intercom").pk)


@pytest.fixture
def store(db: None) -> Store:
    return new_store()
