"""Stored notifications as the workers see them, and what each of them does."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection as database
from msgspec import Struct

from pulsescore.connectors.intercom.inbox.effects.table import effect_of
from pulsescore.connectors.intercom.inbox.effects.telling import CannotUnderstand, Effect
from pulsescore.connectors.intercom.inbox.effects.tracked import contact_in, own_user_id_in
from pulsescore.connectors.intercom.inbox.envelope import NotAnEnvelope, Notification, parse
from pulsescore.connectors.intercom.inbox.superseding import Superseding
from pulsescore.connectors.intercom.inbox.topics import topic_of
from pulsescore.connectors.intercom.inbox.workspace import Workspace


class StoredNotification(Struct, kw_only=True):
    """One row of the inbox; `notification` is missing where the body cannot be read."""

    id: int
    topic: str
    received_at: datetime
    attempts: int
    is_first_time: bool
    notification: Notification | None


def fetch(statement: str, parameters: Mapping[str, Any]) -> list[StoredNotification]:
    """Rows of the inbox, parsed."""
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [_stored(row) for row in cursor.fetchall()]


def own_user_ids(stored: Iterable[StoredNotification]) -> set[str]:
    """People whom events name by the customer's own user id only."""
    items = [
        row.notification.item
        for row in stored
        if row.notification and topic_of(row.topic).concerns == "tracked_event"
    ]
    named = (own_user_id_in(item) for item in items if contact_in(item) is None)
    return {name for name in named if name}


def effect(
    row: StoredNotification, workspace: Workspace, *, newer: Superseding | None = None
) -> Effect:
    """What the row does, given those worked on with it; raises `CannotUnderstand`."""
    if row.notification is None:
        raise CannotUnderstand("the body is not a JSON object")
    return effect_of(
        row.notification, workspace=workspace, received_at=row.received_at, newer=newer
    )


def _stored(row: Sequence[Any]) -> StoredNotification:
    row_id, topic, body, received_at, attempts, processed_at = row
    try:
        notification = parse(bytes(body))
    except NotAnEnvelope:
        notification = None
    return StoredNotification(
        id=row_id,
        topic=topic,
        received_at=received_at,
        attempts=attempts,
        is_first_time=attempts == 0 and processed_at is None,
        notification=notification,
    )
