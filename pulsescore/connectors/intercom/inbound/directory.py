"""The directory of a workspace: names behind ids, and definitions of attributes."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import (
    NotFoundThere,
    PermissionMissing,
    PlanRestricted,
    RequestRefused,
)
from pulsescore.connectors.intercom.api.pages import Page
from pulsescore.connectors.intercom.api.schemas import Admin, DataAttribute, Segment, Tag, Team
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.tag_changes import follow_tags
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry

# Each list, the permission it needs, and the kinds of entries it fills.
_LISTS: tuple[tuple[str, str, Callable[[IntercomClient], Awaitable[Page[Any]]]], ...] = (
    ("admin", "admins", lambda client: client.admins()),
    ("team", "admins", lambda client: client.teams()),
    ("tag", "tags", lambda client: client.tags()),
    ("segment", "attributes", lambda client: client.segments()),
    ("contact_attribute", "attributes", lambda client: client.data_attributes("contact")),
    ("company_attribute", "attributes", lambda client: client.data_attributes("company")),
)
_UPDATED = ("name", "email", "details", "seen_at")


async def read_directory(job: Job) -> None:
    """Read every list that may be read, store it, and learn the names of tags.

    A list that is refused keeps what was known of it; the permission is marked as missing.
    """
    answers = await asyncio.gather(*(_ask(job, fetch) for _, _, fetch in _LISTS))
    missing: set[str] = set()
    entries: dict[str, list[DirectoryEntry]] = {}
    now = job.now()
    for (kind, permission, _), page in zip(_LISTS, answers, strict=True):
        if page is None:
            missing.add(permission)
        else:
            entries[kind] = [_entry(job.connection, kind, item, now=now) for item in page.items]
    kept = await follow_tags(job, entries["tag"], now=now) if "tag" in entries else frozenset()
    job.tag_names.update(
        await job.database.run(_store, job.connection, entries, kept_tags=kept, now=now)
    )
    for permission in {permission for _, permission, _ in _LISTS}:
        await job.database.run(
            set_permission, job.connection, permission, granted=permission not in missing
        )


def set_permission(connection: Connection, key: str, *, granted: bool) -> None:
    """Remember whether the token may do this."""
    if connection.permissions.get(key) == granted:
        return
    connection.permissions = {**connection.permissions, key: granted}
    Connection.objects.for_org(connection.org_id).filter(pk=connection.pk).update(
        permissions=connection.permissions
    )


async def _ask(
    job: Job, fetch: Callable[[IntercomClient], Awaitable[Page[Any]]]
) -> Page[Any] | None:
    try:
        return await fetch(job.client)
    except (PermissionMissing, PlanRestricted, NotFoundThere, RequestRefused):
        return None


def _store(
    connection: Connection,
    entries: dict[str, list[DirectoryEntry]],
    *,
    kept_tags: Collection[str],
    now: datetime,
) -> dict[str, str]:
    with transaction.atomic():
        for kind, known in entries.items():
            kept = kept_tags if kind == "tag" else ()
            _replace(connection, kind, _once(known), kept=kept, now=now)
        tags = DirectoryEntry.objects.for_org(connection.org_id).filter(
            connection=connection, kind="tag"
        )
        return dict(tags.values_list("external_id", "name"))


def replace_definitions(
    connection: Connection, kind: str, items: Iterable[DataAttribute], *, now: datetime
) -> None:
    """Keep these definitions of attributes, and no others of that kind; in a transaction."""
    entries = [_entry(connection, kind, item, now=now) for item in items]
    _replace(connection, kind, _once(entries), kept=(), now=now)


def _replace(
    connection: Connection,
    kind: str,
    entries: list[DirectoryEntry],
    *,
    kept: Collection[str],
    now: datetime,
) -> None:
    rows = DirectoryEntry.objects.for_org(connection.org_id)
    rows.bulk_create(
        entries,
        update_conflicts=True,
        update_fields=_UPDATED,
        unique_fields=("connection", "kind", "external_id"),
    )
    gone = rows.filter(connection=connection, kind=kind, seen_at__lt=now)
    gone.exclude(external_id__in=kept).delete()


def _once(entries: Iterable[DirectoryEntry]) -> list[DirectoryEntry]:
    return list({entry.external_id: entry for entry in entries}.values())


def _entry(connection: Connection, kind: str, item: Any, *, now: datetime) -> DirectoryEntry:
    external_id, name, email, details = _described(item)
    return DirectoryEntry(
        org_id=connection.org_id,
        connection=connection,
        kind=kind,
        external_id=external_id,
        name=name,
        email=email,
        details=details,
        seen_at=now,
    )


def _described(
    item: Admin | Team | Tag | Segment | DataAttribute,
) -> tuple[str, str, str, dict[str, Any]]:
    if isinstance(item, DataAttribute):
        name = item.full_name or item.name
        details = {
            "label": item.label,
            "description": item.description,
            "data_type": item.data_type,
            "options": item.options or [],
            "api_writable": item.api_writable,
            "custom": item.custom,
            "archived": item.archived,
            "id": None if item.id is None else str(item.id),
        }
        return name, item.label or name, "", details
    details = {}
    if isinstance(item, Team):
        details = {"admin_ids": [str(one) for one in item.admin_ids or ()]}
    elif isinstance(item, Segment):
        details = {"person_type": item.person_type}
    email = item.email if isinstance(item, Admin) else None
    return str(item.id), item.name or "", email or "", details
