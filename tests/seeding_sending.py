"""A two-way connection with mapping tables, writes and refused values, without asking Intercom."""

from datetime import datetime, timedelta
from typing import Any

from pulsescore.connectors.intercom.mappings.actions import save_mappings
from pulsescore.connectors.intercom.mappings.fields import Row
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry, Mode, SyncRun
from pulsescore.connectors.intercom.outbound.actions import OutboundWish, save_outbound
from pulsescore.connectors.intercom.outbound.dry_runs import execute, request_dry_run
from pulsescore.connectors.intercom.outbound.models import (
    OutboundSettings,
    Reason,
    SendRun,
    WithheldValue,
    WriteRecord,
)
from pulsescore.segments.actions import create_segment
from pulsescore.segments.models import Member, Segment
from pulsescore.store.models import Customer
from tests import seeding_segments, seeding_team
from tests.seeding import Seeded

# More than are compared while one waits.
CROWD = 320


def add_everything(seeded: Seeded, *, now: datetime) -> int:
    """Tables, a segment that is sent, writes, a refused value, runs; returns the customer of it."""
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
    add_runs(seeded, now=now)
    add_dry_run(seeded, add_crowd(connection, people=CROWD, now=now), now=now)
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


def add_crowd(connection: Connection, *, people: int, now: datetime) -> Segment:
    """A segment of many."""
    org_id = connection.org_id
    crowd = Customer.objects.for_org(org_id).bulk_create(
        Customer(
            org_id=org_id,
            source_id=connection.source_id,
            external_id=f"crowd-{number}",
            email=f"crowd-{number}@example.com",
            name=f"Crowd {number:03}",
            contact_role="user",
            observed_at=now,
        )
        for number in range(people)
    )
    segment = Segment.objects.for_org(org_id).create(
        org_id=org_id, kind="customer", name="Crowd", rule={"all": []}, size=people
    )
    Member.objects.for_org(org_id).bulk_create(
        Member(org_id=org_id, segment=segment, customer=one, entered_at=now) for one in crowd
    )
    return segment


def add_dry_run(seeded: Seeded, segment: Segment, *, now: datetime) -> None:
    """One of a segment of many, as the worker leaves it."""
    actor = seeding_team.owner_of(seeded)
    run = request_dry_run(actor, seeded.connection.pk, segment_id=segment.pk, now=now)
    execute(run.pk, now=lambda: now)


def add_runs(seeded: Seeded, *, now: datetime) -> list[SendRun]:
    """Runs in three states, and fetches: one that goes on, one that is through."""
    org_id, connection = seeded.organization.pk, seeded.connection
    told: list[dict[str, Any]] = [
        {"scope": "users", "state": "done", "looked": 1240, "differing": 31, "settled": 31}
        | {"written": 30, "refused": 1, "finished_at": now - timedelta(minutes=58)},
        {"scope": "segment", "segment_name": "Critical", "state": "stopped", "looked": 90}
        | {"differing": 44, "left": 12, "written": 32, "reason": "Stopped by Ada Lovelace."}
        | {"finished_at": now - timedelta(minutes=9)},
        {"scope": "leads", "state": "sending", "looked": 800, "total": 2040, "passed": 2040}
        | {"differing": 310, "settled": 120, "written": 118, "refused": 2},
    ]
    runs = [
        SendRun(
            org_id=org_id,
            connection=connection,
            asked_by=seeding_team.owner_of(seeded).user,
            asked_via="session",
            asked_at=now - timedelta(minutes=60 - 20 * place),
            **fields,
        )
        for place, fields in enumerate(told)
    ]
    made = SendRun.objects.for_org(org_id).bulk_create(runs)
    WriteRecord.objects.for_org(org_id).filter(connection=connection).update(run=made[0])
    for scope, status, done in (("users", "succeeded", 1240), ("companies", "running", 61)):
        SyncRun(
            org_id=org_id,
            connection=connection,
            kind="fetch",
            scope=scope,
            status=status,
            trigger="person",
            phase="companies" if scope == "companies" else "contacts",
            done=done,
            total=2 * done if status == "running" else done,
            imported=done - 3,
            skipped=3,
            created_at=now - timedelta(minutes=4),
            started_at=now - timedelta(minutes=4),
            finished_at=now - timedelta(minutes=3) if status == "succeeded" else None,
        ).save()
    return made


def add_circle(seeded: Seeded, connection: Connection, *, now: datetime) -> Segment:
    """A segment whose tag would close a circle with the names of segments that come back."""
    owner = seeding_team.owner_of(seeded)
    names = Row(
        object="contact", attribute="segments", intercom="custom_attributes.groups", overwrite=True
    )
    save_mappings(owner, connection.pk, outgoing=[names], now=now)
    lack = {"field": "tags", "op": "has_not", "value": "Champions"}
    have = {"field": "metadata.groups", "op": "contains", "value": "Quiet"}
    create_segment(owner, kind="customer", name="Quiet accounts", rule=lack, now=now)
    return create_segment(owner, kind="customer", name="Champions", rule=have, now=now)


def _definition(kind: str) -> dict[str, Any]:
    return {"data_type": kind, "custom": True, "api_writable": True}
