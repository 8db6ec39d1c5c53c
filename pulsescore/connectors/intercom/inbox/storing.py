"""The one statement that stores notifications: many at once, each once per connection."""

from collections.abc import Sequence
from typing import Any, Final

from psycopg import sql

from pulsescore.connectors.intercom.inbox.admission import Delivery
from pulsescore.connectors.intercom.models import Connection, InboxNotification, NotificationReceipt

# The receipt decides whether a notification is new: of two writers of one, the later waits for the
# earlier, and stores it only if that one fails. The join drops copies for a connection that was
# deleted meanwhile, so that one such row does not fail the others of its group. The answer names
# the connections that got something new.
INSERT: Final = sql.SQL(
    """
    WITH came AS (
        SELECT came.* FROM unnest(
            %(org_ids)b::bigint[], %(connection_ids)b::bigint[], %(notification_ids)b::text[],
            %(topics)b::text[], %(bodies)b::bytea[], %(notified_ats)b::timestamptz[],
            %(received_ats)b::timestamptz[]
        ) AS came (org_id, connection_id, notification_id, topic, body, notified_at, received_at)
        JOIN {connection} AS known ON known.id = came.connection_id AND known.org_id = came.org_id
    ), receipt AS (
        INSERT INTO {receipt} (org_id, connection_id, notification_id, received_at)
        SELECT org_id, connection_id, notification_id, received_at FROM came
        ON CONFLICT (connection_id, notification_id) DO NOTHING
        RETURNING connection_id, notification_id
    )
    INSERT INTO {inbox} (org_id, connection_id, notification_id, topic, body, notified_at,
                         received_at, next_attempt_at)
    SELECT came.*, came.received_at FROM came JOIN receipt USING (connection_id, notification_id)
    RETURNING connection_id
    """
).format(
    inbox=sql.Identifier(InboxNotification._meta.db_table),
    receipt=sql.Identifier(NotificationReceipt._meta.db_table),
    connection=sql.Identifier(Connection._meta.db_table),
)


def parameters(deliveries: Sequence[Delivery]) -> dict[str, list[Any]]:
    """The statement's arrays, one per column; what came twice in the group is told once."""
    once = {(one.connection_id, one.notification_id): one for one in reversed(deliveries)}
    first = list(reversed(once.values()))
    return {
        f"{column}s": [getattr(delivery, column) for delivery in first]
        for column in (
            "org_id",
            "connection_id",
            "notification_id",
            "topic",
            "notified_at",
            "received_at",
        )
    } | {"bodies": [delivery.body for delivery in first]}
