"""The one statement that stores notifications: many at once, each once per connection."""

from collections.abc import Sequence
from typing import Any, Final

from psycopg import sql

from pulsescore.connectors.intercom.inbox.admission import Delivery
from pulsescore.connectors.intercom.models import Connection, InboxNotification

# The join drops copies for a connection that was deleted meanwhile, so that one such row does not
# fail the others of its group. The answer names the connections that got something new.
INSERT: Final = sql.SQL(
    """
    INSERT INTO {inbox} (org_id, connection_id, notification_id, topic, body, notified_at,
                         received_at, next_attempt_at)
    SELECT came.*, came.received_at FROM unnest(
        %(org_ids)b::bigint[], %(connection_ids)b::bigint[], %(notification_ids)b::text[],
        %(topics)b::text[], %(bodies)b::bytea[], %(notified_ats)b::timestamptz[],
        %(received_ats)b::timestamptz[]
    ) AS came (org_id, connection_id, notification_id, topic, body, notified_at, received_at)
    JOIN {connection} AS known ON known.id = came.connection_id AND known.org_id = came.org_id
    ON CONFLICT (connection_id, notification_id) DO NOTHING
    RETURNING connection_id
    """
).format(
    inbox=sql.Identifier(InboxNotification._meta.db_table),
    connection=sql.Identifier(Connection._meta.db_table),
)


def parameters(deliveries: Sequence[Delivery]) -> dict[str, list[Any]]:
    """The statement's arrays, one per column."""
    return {
        f"{column}s": [getattr(delivery, column) for delivery in deliveries]
        for column in (
            "org_id",
            "connection_id",
            "notification_id",
            "topic",
            "notified_at",
            "received_at",
        )
    } | {"bodies": [delivery.body for delivery in deliveries]}
