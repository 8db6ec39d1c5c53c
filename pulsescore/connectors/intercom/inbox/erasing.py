"""Raw notifications are personal data too: they go with the person they tell of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import connection as database
from django.db import transaction

from pulsescore.connectors.intercom.models import Connection, InboxNotification, PendingRefetch

# Reads the bodies of one connection (thirty days of them at most): asking for a person is rare.
_NAMING: Final = """
    inbox.org_id = %(org_id)s AND connection.org_id = %(org_id)s
      AND connection.id = inbox.connection_id AND connection.source_id = %(source_id)s
      AND EXISTS (
          SELECT 1 FROM unnest(%(names)s::bytea[]) AS name WHERE position(name IN inbox.body) > 0
      )
"""
_ERASE_BODIES: Final = f"""
    DELETE FROM {InboxNotification._meta.db_table} AS inbox
    USING {Connection._meta.db_table} AS connection
    WHERE {_NAMING}
"""
_LIST_BODIES: Final = f"""
    SELECT inbox.topic, inbox.received_at, inbox.body
    FROM {InboxNotification._meta.db_table} AS inbox, {Connection._meta.db_table} AS connection
    WHERE {_NAMING}
    ORDER BY inbox.received_at, inbox.id
"""


def erase_notifications(
    *, org_id: int, source_id: int, contacts: Iterable[str], conversations: Iterable[str]
) -> int:
    """Delete stored notifications that name these contacts or conversations; returns how many."""
    external_ids = {*contacts, *conversations}
    names = _as_written(external_ids)
    with transaction.atomic(), database.cursor() as cursor:
        cursor.execute(_ERASE_BODIES, {"org_id": org_id, "source_id": source_id, "names": names})
        erased: int = cursor.rowcount
        PendingRefetch.objects.for_org(org_id).filter(
            connection__source_id=source_id, external_id__in=external_ids
        ).delete()
    return erased


def list_notifications(
    *, org_id: int, source_id: int, contacts: Iterable[str], conversations: Iterable[str]
) -> list[tuple[str, datetime, bytes]]:
    """Topic, time and body of stored notifications that name these, oldest first."""
    names = _as_written({*contacts, *conversations})
    with database.cursor() as cursor:
        cursor.execute(_LIST_BODIES, {"org_id": org_id, "source_id": source_id, "names": names})
        return list(cursor.fetchall())


def _as_written(external_ids: Iterable[str]) -> list[bytes]:
    return [form.encode() for name in external_ids for form in _written_forms(name)]


def _written_forms(external_id: str) -> list[str]:
    """An id as JSON writes it: as text, and where it is a number also as one."""
    forms = [f'"{external_id}"']
    if external_id.isdecimal():
        forms += [
            f":{external_id},",
            f":{external_id}}}",
            f": {external_id},",
            f": {external_id}}}",
        ]
    return forms
