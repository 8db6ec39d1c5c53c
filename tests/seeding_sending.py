"""A two-way connection with mapping tables, writes and refused values, without asking Intercom."""

from datetime import datetime, timedelta
from typing import Any

from pulsescore.connectors.intercom.mappings.actions import save_mappings
from pulsescore.connectors.intercom.mappings.fields import Row
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry, Mode
from pulsescore.connectors.intercom.outbound.actions import OutboundWish, save_outbound
from pulsescore.connectors.intercom.outbound.models import (
    OutboundSettings,
    Reason,
    WithheldValue,
    WriteRecord,
)
from pulsescore.store.models import Customer
from tests import seeding_segments, seeding_team
from tests.seeding import Seeded


def add_everything(seeded: Seeded, *, now: datetime) -> int:
    """Tables, a segment that is sent, writes, a refused value; returns the customer it is of."""
    connection = make_two_way(seeded)
    add_definitions(connection, now=now)
    add_tables(seeded, connection, now=now)
    writes = add_writes(seeded, connection, now=now)
    critical = seeding_segments.add_segments(seeded, now=now).critical
    save_outbound(
        seeding_team.owner_of(seeded),
        connection.pk,
        wish=OutboundWish(user_segments=[critical.pk], events=["Paid invoice"], confirm_above=5),
        now=now,
    )
    return writes[2].customer_id or 0


def make_two_way(seeded: Seeded) -> Connection:
    """The connection may write; nothing is chosen yet."""
    rows = Connection.objects.for_org(seeded.organization.pk).filter(pk=seeded.connection.pk)
    rows.update(mode=Mode.TWO_WAY)
    return rows.get()


def add_definitions(connection: Connection, *, now: datetime) -> None:
    """Attributes as Intercom told them: two custom ones of contacts, a standard one."""
    told: list[tuple[str, str, dict[str, Any]]] = [
        ("contact_attribute", "custom_attributes.plan", _definition("string")),
        ("contact_attribute", "custom_attributes.seats", _definition("integer")),
        ("company_attribute", "custom_attributes.tier", _definition("string")),
    ]
    DirectoryEntry.objects.for_org(connection.org_id).bulk_create(
        DirectoryEntry(
            org_id=connection.org_id,
            connection=connection,
            kind=kind,
            external_id=name,
            name=name.removeprefix("custom_attributes."),
            details=details,
            seen_at=now,
        )
        for kind, name, details in told
    )


def add_tables(seeded: Seeded, connection: Connection, *, now: datetime) -> None:
    """Lines of every kind; one names an attribute that Intercom has not."""
    save_mappings(
        seeding_team.owner_of(seeded),
        connection.pk,
        outgoing=[
            Row(
                object="contact",
                attribute="score",
                intercom="custom_attributes.health_score",
                overwrite=True,
            ),
            Row(object="contact", attribute="name", intercom="name"),
            Row(object="company", attribute="plan", intercom="plan", overwrite=True),
        ],
        incoming=[
            IncomingRow(intercom="custom_attributes.plan", attribute="billing/plan", overwrite=True)
        ],
        now=now,
    )


def add_writes(seeded: Seeded, connection: Connection, *, now: datetime) -> list[WriteRecord]:
    """A settings row, some writes, and a value that was refused."""
    org_id = connection.org_id
    OutboundSettings(org_id=org_id, connection=connection).save()
    people = list(Customer.objects.for_org(org_id).filter(deleted_at=None).order_by("id")[:3])
    told = [
        ("contact.update", {"name": "XYZ"}, {"name": "XYZ Inc."}, ""),
        ("tag.attach", {}, {"tag": "Critical", "tag_id": "7"}, ""),
        ("contact.update", {}, {"custom_attributes": {"seats": "many"}}, "seats is not a number"),
    ]
    rows = [
        WriteRecord(
            org_id=org_id,
            connection=connection,
            customer=person,
            at=now - timedelta(minutes=place),
            kind=kind,
            external_id=person.external_id,
            before=before,
            after=after,
            error=error,
        )
        for place, (person, (kind, before, after, error)) in enumerate(
            zip(people, told, strict=True)
        )
    ]
    made = WriteRecord.objects.for_org(org_id).bulk_create(rows)
    WithheldValue(
        org_id=org_id,
        connection=connection,
        customer=people[2],
        key="custom_attributes.seats",
        value="many",
        reason=Reason.REFUSED,
        message="seats is not a number",
        at=now,
    ).save(force_insert=True)
    return made


def _definition(kind: str) -> dict[str, Any]:
    return {"data_type": kind, "custom": True, "api_writable": True}
