"""Writes of outcomes by people and programs; admins only, each audited."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.core.errors import Conflict, NotFound
from pulsescore.core.locks import lock_for_transaction
from pulsescore.scoring.outcomes import attribute, table
from pulsescore.scoring.outcomes.days import read_day
from pulsescore.scoring.outcomes.models import (
    OutcomeAttribute,
    OutcomeRecord,
    OutcomeSource,
    OutcomeUpload,
)
from pulsescore.scoring.outcomes.queries import get_upload
from pulsescore.scoring.outcomes.recording import Recorded, Row, record_rows

UPLOADS_KEPT: Final = timedelta(days=7)
_MAX_NAME: Final = 120


def record_outcomes(actor: Actor, rows: Sequence[Row], *, now: datetime) -> Recorded:
    """Store what a program tells; the same rows again change nothing."""
    actor.require(Role.ADMIN)
    with transaction.atomic():
        lock_for_transaction(f"outcomes:{actor.org_id}")
        recorded = record_rows(actor.org_id, rows, source=OutcomeSource.API, now=now)
        if recorded.added or recorded.changed:
            audit.record_by(
                actor,
                "outcomes.recorded",
                details={"added": recorded.added, "changed": recorded.changed},
                now=now,
            )
    return recorded


def remove_outcome(actor: Actor, *, outcome_id: int, now: datetime) -> None:
    """Remove an outcome. Raises `NotFound`; `Conflict` where the attribute would tell it again."""
    actor.require(Role.ADMIN)
    with transaction.atomic():
        row = OutcomeRecord.objects.for_org(actor.org_id).filter(pk=outcome_id).first()
        if row is None:
            raise NotFound("There is no such outcome in this organization.")
        if row.source == OutcomeSource.ATTRIBUTE:
            raise Conflict("The attribute tells this outcome. Change it there.")
        row.delete()
        subject = f"customer:{row.customer_id}" if row.customer_id else f"company:{row.company_id}"
        audit.record_by(actor, "outcomes.removed", subject=subject, now=now)


def choose_attribute(actor: Actor, *, field: str, now: datetime) -> OutcomeAttribute:
    """Have an attribute tell who left, from now on; it is read at once. Raises `Invalid`."""
    actor.require(Role.ADMIN)
    checked = attribute.check_field(field)
    with transaction.atomic():
        OutcomeAttribute.objects.for_org(actor.org_id).update_or_create(
            org_id=actor.org_id, defaults={"field": checked}
        )
        audit.record_by(actor, "outcomes.attribute_chosen", subject=checked, now=now)
        chosen = attribute.refresh(actor.org_id, now=now)
    if chosen is None:
        raise NotFound("No attribute is chosen.")
    return chosen


def drop_attribute(actor: Actor, *, now: datetime) -> None:
    """Have no attribute tell who left; what it told goes. Raises `NotFound`."""
    actor.require(Role.ADMIN)
    with transaction.atomic():
        lock_for_transaction(f"outcomes:{actor.org_id}")
        chosen = OutcomeAttribute.objects.for_org(actor.org_id).first()
        if chosen is None:
            raise NotFound("No attribute is chosen.")
        told = OutcomeRecord.objects.for_org(actor.org_id)
        told.filter(source=OutcomeSource.ATTRIBUTE).delete()
        chosen.delete()
        audit.record_by(actor, "outcomes.attribute_dropped", subject=chosen.field, now=now)


def upload(actor: Actor, *, filename: str, content: bytes, now: datetime) -> OutcomeUpload:
    """Keep a file until it is decided which column means what. Raises `Invalid`."""
    actor.require(Role.ADMIN)
    text = table.decode(content)
    table.read_table(text)
    forget_uploads(actor.org_id, before=now - UPLOADS_KEPT)
    return OutcomeUpload.objects.for_org(actor.org_id).create(
        org_id=actor.org_id,
        filename=filename[:_MAX_NAME],
        content=text,
        uploaded_by=actor.user,
        uploaded_at=now,
    )


def import_upload(
    actor: Actor, *, upload_id: int, mapping: table.Mapping, now: datetime
) -> OutcomeUpload:
    """Store what is valid of a file and keep what is not for the error file.

    Raises `NotFound`, `Invalid` for an impossible mapping, `Conflict` for one imported already.
    """
    actor.require(Role.ADMIN)
    with transaction.atomic():
        lock_for_transaction(f"outcomes:{actor.org_id}")
        row = get_upload(actor.org_id, upload_id)
        if row.imported_at is not None:
            raise Conflict("This file is imported already.")
        header, lines = table.read_table(row.content)
        table.check(mapping, header)
        _import(row, header, lines, mapping=mapping, now=now)
        counts = {"added": row.added, "changed": row.changed, "refused": len(row.refused[1:])}
        audit.record_by(actor, "outcomes.imported", subject=row.filename, details=counts, now=now)
    return row


def forget_uploads(org_id: int, *, before: datetime | None = None) -> None:
    """Remove kept files, since they hold addresses of people; all, or old ones."""
    rows = OutcomeUpload.objects.for_org(org_id)
    (rows if before is None else rows.filter(uploaded_at__lt=before)).delete()


def prune_uploads(*, now: datetime) -> None:
    """Remove old files of every organization."""
    rows = OutcomeUpload.objects.across_orgs("what has expired goes everywhere")
    rows.filter(uploaded_at__lt=now - UPLOADS_KEPT).delete()


def _import(
    row: OutcomeUpload,
    header: list[str],
    lines: list[list[str]],
    *,
    mapping: table.Mapping,
    now: datetime,
) -> None:
    today = now.astimezone(UTC).date()
    told = [
        Row(
            place,
            mapping.key,
            line[mapping.key_column],
            read_day(line[mapping.day_column], style=mapping.style, today=today),
        )
        for place, line in enumerate(lines)
    ]
    recorded = record_rows(row.org_id, told, source=OutcomeSource.CSV, now=now)
    row.added, row.changed = recorded.added, recorded.changed
    row.unchanged, row.imported_at, row.content = recorded.unchanged, now, ""
    refused = [[one.message, *lines[one.line]] for one in recorded.refused]
    row.refused = [["Why it was refused", *header], *refused] if refused else []
    row.save()
