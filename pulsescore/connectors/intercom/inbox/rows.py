"""Stored notifications as the workers see them, and what each of them does."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.db import connection as database
from msgspec import Struct

from pulsescore.connectors.intercom.inbox import statements
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

    @property
    def told_at(self) -> datetime:
        """The instant it tells of, as far as it says so."""
        told_at = self.notification.created_at if self.notification else None
        return told_at or self.received_at


def fetch(statement: str, parameters: Mapping[str, Any]) -> list[StoredNotification]:
    """Rows of the inbox, parsed."""
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [_stored(row) for row in cursor.fetchall()]


def claim(scope: Mapping[str, Any], *, limit: int, most_bytes: int) -> list[StoredNotification]:
    """The oldest that wait, locked; at most `limit`, ending with the one that fills the bytes."""
    with database.cursor() as cursor:
        cursor.execute(statements.WAITING, {**scope, "limit": limit})
        waiting = cursor.fetchall()
    sizes_so_far = accumulate((size for *_, size in waiting), initial=0)
    chosen = [
        row for row, before in zip(waiting, sizes_so_far, strict=False) if before < most_bytes
    ]
    if not chosen:
        return []
    ids = [row_id for row_id, _, _ in chosen]
    arrived = arrived_between(received_at for _, received_at, _ in chosen)
    return fetch(statements.CLAIM, {**scope, **arrived, "ids": ids})


def arrived_between(received_ats: Iterable[datetime]) -> dict[str, datetime]:
    """The bounds that spare a statement the partitions of other days."""
    ordered = sorted(received_ats)
    return {"since": ordered[0], "until": ordered[-1]}


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
